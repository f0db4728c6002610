-- Leadership structure: roles and who is away, the accountability matrix, and what people believe of it.
CREATE TABLE role (
    id              UUID    NOT NULL PRIMARY KEY,
    org             UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version         BIGINT  NOT NULL,
    name            TEXT    NOT NULL,
    holder          UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    deputy          UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    reports_to      UUID    REFERENCES role (id) DEFERRABLE INITIALLY DEFERRED,
    days            TEXT,
    decides         TEXT,
    spending_limit  BIGINT
);
CREATE INDEX role_org ON role (org);

CREATE TABLE absence (
    id       UUID    NOT NULL PRIMARY KEY,
    org      UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version  BIGINT  NOT NULL,
    called   TEXT    NOT NULL,
    person   UUID    NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    starts   TEXT    NOT NULL,
    ends     TEXT    NOT NULL,
    share    BIGINT  NOT NULL
);
CREATE INDEX absence_org ON absence (org);

-- A row of the matrix: a record of any accountable kind, and the days a month that it takes.
CREATE TABLE raci_row (
    id         UUID    NOT NULL PRIMARY KEY,
    org        UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version    BIGINT  NOT NULL,
    kind       TEXT    NOT NULL,
    record     UUID    NOT NULL,
    answering  TEXT,   -- days a month for the role that answers for it
    doing      TEXT,   -- days a month for those that do it, together
    starts     TEXT,
    ends       TEXT,
    UNIQUE (org, record)
);

CREATE TABLE raci_cell (
    line    UUID  NOT NULL REFERENCES raci_row (id) ON DELETE CASCADE,
    org     UUID  NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    role    UUID  NOT NULL REFERENCES role (id) DEFERRABLE INITIALLY DEFERRED,
    letter  TEXT  NOT NULL CHECK (letter IN ('R', 'A', 'A/R', 'C', 'I', 'C/I')),
    PRIMARY KEY (line, role)
);
CREATE INDEX raci_cell_org ON raci_cell (org);

-- A round in which people say who they believe answers for each row.
CREATE TABLE perception (
    id         UUID     NOT NULL PRIMARY KEY,
    org        UUID     NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    title      TEXT     NOT NULL,
    anonymous  BOOLEAN  NOT NULL,
    state      TEXT     NOT NULL CHECK (state IN ('open', 'closed')),
    begun      TEXT     NOT NULL,
    closes     TEXT     NOT NULL,
    asked      TEXT     NOT NULL  -- JSON: the rows, the roles and what was agreed, as they were when it began
);
CREATE INDEX perception_org ON perception (org);

CREATE TABLE perceiver (
    id        UUID     NOT NULL PRIMARY KEY,
    org       UUID     NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    round     UUID     NOT NULL REFERENCES perception (id) ON DELETE CASCADE,
    person    UUID     REFERENCES person (id) ON DELETE SET NULL,
    name      TEXT     NOT NULL,
    side      TEXT     NOT NULL,
    token     TEXT     NOT NULL UNIQUE,
    answered  BOOLEAN  NOT NULL
);
CREATE INDEX perceiver_round ON perceiver (round);

-- What was said of one row. In an anonymous round it leads to nobody: the identifier is random, no time is kept.
CREATE TABLE perceived (
    id           UUID  NOT NULL PRIMARY KEY,
    org          UUID  NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    round        UUID  NOT NULL REFERENCES perception (id) ON DELETE CASCADE,
    line         UUID  NOT NULL,
    perceiver    UUID  REFERENCES perceiver (id) ON DELETE CASCADE,
    side         TEXT  NOT NULL,
    accountable  UUID, -- nothing: cannot say
    responsible  UUID
);
CREATE INDEX perceived_round ON perceived (round);
