-- The journey: where each competency stands, once a cycle.
CREATE TABLE assessment (
    id           UUID     NOT NULL PRIMARY KEY,
    org          UUID     NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version      BIGINT   NOT NULL,
    cycle        BIGINT   NOT NULL,
    competency   TEXT     NOT NULL,
    maturity     BIGINT   NOT NULL,
    settled      BOOLEAN  NOT NULL,
    note         TEXT,
    assessed_on  TEXT     NOT NULL,
    UNIQUE (org, cycle, competency)
);
