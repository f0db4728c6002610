-- Common language: services. Delivery: projects and processes. Operational planning: the lines of budgets. And which
-- service or project a skill is needed for.
CREATE TABLE service (
    id          UUID    NOT NULL PRIMARY KEY,
    org         UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version     BIGINT  NOT NULL,
    name        TEXT    NOT NULL,
    purpose     TEXT,
    audience    TEXT,
    owner       UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    level       TEXT,
    activity    UUID    REFERENCES activity (id) DEFERRABLE INITIALLY DEFERRED,
    proposition TEXT,
    state       TEXT    NOT NULL,
    starts      TEXT,
    ends        TEXT
);
CREATE INDEX service_org ON service (org);

CREATE TABLE project (
    id      UUID    NOT NULL PRIMARY KEY,
    org     UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version BIGINT  NOT NULL,
    name    TEXT    NOT NULL,
    aim     TEXT,
    outcome UUID    REFERENCES outcome (id) DEFERRABLE INITIALLY DEFERRED,
    owner   UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    state   TEXT    NOT NULL,
    starts  TEXT,
    ends    TEXT
);
CREATE INDEX project_org ON project (org);

CREATE TABLE process (
    id       UUID    NOT NULL PRIMARY KEY,
    org      UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version  BIGINT  NOT NULL,
    name     TEXT    NOT NULL,
    purpose  TEXT,
    owner    UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    measure  TEXT,
    review   TEXT,
    not_used BOOLEAN NOT NULL
);
CREATE INDEX process_org ON process (org);

CREATE TABLE budget_line (
    id          UUID    NOT NULL PRIMARY KEY,
    org         UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version     BIGINT  NOT NULL,
    year        BIGINT  NOT NULL,
    title       TEXT    NOT NULL,
    purpose     TEXT    NOT NULL,
    once        BIGINT,
    yearly      BIGINT,
    proposition TEXT,
    owner       UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    rationale   TEXT,
    state       TEXT    NOT NULL
);
CREATE INDEX budget_line_org ON budget_line (org);

ALTER TABLE skill_need ADD COLUMN service UUID REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE skill_need ADD COLUMN project UUID REFERENCES project (id) DEFERRABLE INITIALLY DEFERRED;
