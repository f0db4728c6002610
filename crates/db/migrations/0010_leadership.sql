-- Leadership structure: roles.
CREATE TABLE role (
    id              UUID    NOT NULL PRIMARY KEY,
    org             UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version         BIGINT  NOT NULL,
    name            TEXT    NOT NULL,
    holder          UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    deputy          UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    decides         TEXT,
    spending_limit  BIGINT
);
CREATE INDEX role_org ON role (org);
