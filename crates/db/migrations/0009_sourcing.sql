-- Strategic sourcing: activities.
CREATE TABLE activity (
    id       UUID    NOT NULL PRIMARY KEY,
    org      UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version  BIGINT  NOT NULL,
    name     TEXT    NOT NULL,
    about    TEXT,
    owner    UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX activity_org ON activity (org);
