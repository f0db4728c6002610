-- Setting expectations: outcomes.
CREATE TABLE outcome (
    id           UUID    NOT NULL PRIMARY KEY,
    org          UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version      BIGINT  NOT NULL,
    statement    TEXT    NOT NULL,
    proposition  TEXT,
    measure      TEXT,
    unit         TEXT,
    baseline     TEXT,
    target       TEXT,
    due          TEXT,
    priority     TEXT,
    requester    UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    accountable  UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    state        TEXT    NOT NULL,
    cycle        BIGINT,
    detail       TEXT
);
CREATE INDEX outcome_org ON outcome (org);
