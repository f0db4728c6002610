-- Creating urgency: obstacles, the forces for and against outcomes, and the facts that reveal obstacles.
CREATE TABLE obstacle (
    id          UUID    NOT NULL PRIMARY KEY,
    org         UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version     BIGINT  NOT NULL,
    title       TEXT    NOT NULL,
    sort        TEXT,
    severity    BIGINT,
    influence   BIGINT,
    evidence    TEXT,
    owner       UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    measure     TEXT,
    plan        TEXT,
    due         TEXT,
    state       TEXT    NOT NULL,
    sponsor     UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    asked       TEXT,
    cleared     TEXT,
    changed     TEXT,
    competency  TEXT,
    fact        TEXT
);
CREATE INDEX obstacle_org ON obstacle (org);

CREATE TABLE force (
    id         UUID    NOT NULL PRIMARY KEY,
    org        UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version    BIGINT  NOT NULL,
    what       TEXT    NOT NULL,
    outcome    UUID    NOT NULL REFERENCES outcome (id) DEFERRABLE INITIALLY DEFERRED,
    direction  TEXT    NOT NULL,
    strength   BIGINT  NOT NULL,
    obstacle   UUID    REFERENCES obstacle (id) DEFERRABLE INITIALLY DEFERRED,
    detail     TEXT
);
CREATE INDEX force_org ON force (org);

-- Who may approve what amount: over `above`, up to `up_to`, in minor units.
CREATE TABLE spending_authority (
    id       UUID    NOT NULL PRIMARY KEY,
    org      UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version  BIGINT  NOT NULL,
    who      TEXT    NOT NULL,
    person   UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    above    BIGINT  NOT NULL,
    up_to    BIGINT,
    days     BIGINT,
    since    TEXT    NOT NULL,
    ended    TEXT
);
CREATE INDEX spending_authority_org ON spending_authority (org);

CREATE TABLE decision (
    id       UUID    NOT NULL PRIMARY KEY,
    org      UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version  BIGINT  NOT NULL,
    what     TEXT    NOT NULL,
    asked    TEXT    NOT NULL,
    decided  TEXT,
    verdict  TEXT,
    amount   BIGINT,
    decider  UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    missing  TEXT,
    note     TEXT
);
CREATE INDEX decision_org ON decision (org);

-- The line that a fact must not cross, where an organisation sets its own.
CREATE TABLE set_line (
    id       UUID    NOT NULL PRIMARY KEY,
    org      UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version  BIGINT  NOT NULL,
    fact     TEXT    NOT NULL,
    line     TEXT    NOT NULL
);
CREATE INDEX set_line_org ON set_line (org);
