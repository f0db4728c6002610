-- Envisioning: the vision, talks with leaders, the technology radar, opportunities, examples, workshops.
CREATE TABLE vision (
    id       UUID    NOT NULL PRIMARY KEY,
    org      UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version  BIGINT  NOT NULL,
    title    TEXT    NOT NULL,
    wording  TEXT    NOT NULL,
    owner    UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    state    TEXT    NOT NULL,
    since    TEXT
);
CREATE INDEX vision_org ON vision (org);

CREATE TABLE talk (
    id       UUID    NOT NULL PRIMARY KEY,
    org      UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version  BIGINT  NOT NULL,
    topic    TEXT    NOT NULL,
    person   UUID    NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    held     TEXT,
    prepared TEXT,
    notes    TEXT
);
CREATE INDEX talk_org ON talk (org);

CREATE TABLE example (
    id           UUID     NOT NULL PRIMARY KEY,
    org          UUID     NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version      BIGINT   NOT NULL,
    title        TEXT     NOT NULL,
    who          TEXT,
    foundation   BOOLEAN  NOT NULL,
    efficiency   BOOLEAN  NOT NULL,
    insight      BOOLEAN  NOT NULL,
    growth       BOOLEAN  NOT NULL,
    shows        TEXT     NOT NULL,
    source       TEXT,
    link         TEXT,
    year         BIGINT
);
CREATE INDEX example_org ON example (org);

CREATE TABLE radar_entry (
    id           UUID    NOT NULL PRIMARY KEY,
    org          UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version      BIGINT  NOT NULL,
    name         TEXT    NOT NULL,
    quadrant     TEXT    NOT NULL,
    ring         TEXT    NOT NULL,
    ring_before  TEXT,
    reviewed     TEXT,
    relevance    BIGINT,
    foundation   BIGINT,
    efficiency   BIGINT,
    insight      BIGINT,
    growth       BIGINT,
    why          TEXT
);
CREATE INDEX radar_entry_org ON radar_entry (org);

CREATE TABLE opportunity (
    id           UUID    NOT NULL PRIMARY KEY,
    org          UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version      BIGINT  NOT NULL,
    title        TEXT    NOT NULL,
    proposition  TEXT,
    owner        UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    state        TEXT    NOT NULL,
    serves       TEXT
);
CREATE INDEX opportunity_org ON opportunity (org);

CREATE TABLE workshop (
    id       UUID     NOT NULL PRIMARY KEY,
    org      UUID     NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version  BIGINT   NOT NULL,
    title    TEXT     NOT NULL,
    held     TEXT     NOT NULL,
    dots     BIGINT   NOT NULL,
    adding   BOOLEAN  NOT NULL
);
CREATE INDEX workshop_org ON workshop (org);

-- The voting of a workshop: opened once, closed once. The token is the address that everyone in the room opens.
CREATE TABLE vote (
    workshop   UUID    NOT NULL PRIMARY KEY REFERENCES workshop (id) ON DELETE CASCADE,
    org        UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    token      TEXT    NOT NULL UNIQUE,
    opened_at  BIGINT  NOT NULL,
    closed_at  BIGINT,
    result     TEXT    -- JSON, written once, when the voting is closed
);

-- What can be voted for. Whose phone a phrase came from is not kept; only that it came from the room.
CREATE TABLE phrase (
    id         UUID     NOT NULL PRIMARY KEY,
    org        UUID     NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    workshop   UUID     NOT NULL REFERENCES workshop (id) ON DELETE CASCADE,
    wording    TEXT     NOT NULL,
    from_room  BOOLEAN  NOT NULL
);
CREATE INDEX phrase_workshop ON phrase (workshop);

-- A voter is a random number in a cookie, kept as its hash.
CREATE TABLE dot (
    phrase    UUID    NOT NULL REFERENCES phrase (id) ON DELETE CASCADE,
    voter     TEXT    NOT NULL,
    org       UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    workshop  UUID    NOT NULL REFERENCES workshop (id) ON DELETE CASCADE,
    many      BIGINT  NOT NULL,
    PRIMARY KEY (phrase, voter)
);
CREATE INDEX dot_workshop ON dot (workshop);
