-- Setting expectations: outcomes, what was measured of them, where they conflict, how many fit, how they were ranked.
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

CREATE TABLE measurement (
    id       UUID    NOT NULL PRIMARY KEY,
    org      UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version  BIGINT  NOT NULL,
    outcome  UUID    NOT NULL REFERENCES outcome (id) DEFERRABLE INITIALLY DEFERRED,
    day      TEXT    NOT NULL,
    value    TEXT    NOT NULL,
    source   TEXT    NOT NULL
);
CREATE INDEX measurement_org ON measurement (org);

CREATE TABLE conflict (
    id          UUID    NOT NULL PRIMARY KEY,
    org         UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version     BIGINT  NOT NULL,
    title       TEXT    NOT NULL,
    first       UUID    NOT NULL REFERENCES outcome (id) DEFERRABLE INITIALLY DEFERRED,
    second      UUID    NOT NULL REFERENCES outcome (id) DEFERRABLE INITIALLY DEFERRED,
    why         TEXT,
    state       TEXT    NOT NULL,
    decision    TEXT,
    decided_by  UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    decided_on  TEXT
);
CREATE INDEX conflict_org ON conflict (org);

CREATE TABLE carry_limit (
    id       UUID    NOT NULL PRIMARY KEY,
    org      UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version  BIGINT  NOT NULL,
    most     BIGINT  NOT NULL,
    since    TEXT    NOT NULL,
    reason   TEXT    NOT NULL
);
CREATE INDEX carry_limit_org ON carry_limit (org);

-- A round in which people rank outcomes. What is ranked, and in which sets, is a copy as JSON from the day on which it
-- was opened; the result is one from the day on which it was closed.
CREATE TABLE ranking (
    id         UUID    NOT NULL PRIMARY KEY,
    org        UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    title      TEXT    NOT NULL,
    method     TEXT    NOT NULL CHECK (method IN ('maxdiff', 'points')),
    design     TEXT    NOT NULL,
    opened_on  TEXT    NOT NULL,
    closes     TEXT    NOT NULL,           -- the last day on which answers are taken
    closed_on  TEXT,
    result     TEXT
);
CREATE INDEX ranking_org ON ranking (org);

-- Who is asked in a round. The token is the personal link; the answers are JSON.
CREATE TABLE ranking_voter (
    id       UUID    NOT NULL PRIMARY KEY,
    org      UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    ranking  UUID    NOT NULL REFERENCES ranking (id) ON DELETE CASCADE,
    person   UUID    REFERENCES person (id) ON DELETE SET NULL,
    name     TEXT    NOT NULL,
    side     TEXT    NOT NULL,
    token    TEXT    NOT NULL UNIQUE,
    answers  TEXT    NOT NULL,
    done_on  TEXT                           -- the day on which the last of the answers was given
);
CREATE INDEX ranking_voter_ranking ON ranking_voter (ranking);
