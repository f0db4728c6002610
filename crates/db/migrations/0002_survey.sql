-- Surveys: instruments, campaigns, who is asked, what was answered.

-- Instruments that an organisation brought; those that come with the product are in the program.
CREATE TABLE instrument (
    id       UUID    NOT NULL PRIMARY KEY,
    org      UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    key      TEXT    NOT NULL,
    edition  BIGINT  NOT NULL,
    title    TEXT    NOT NULL,
    body     TEXT    NOT NULL,  -- JSON
    UNIQUE (org, key, edition)
);

CREATE TABLE campaign (
    id                 UUID     NOT NULL PRIMARY KEY,
    org                UUID     NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version            BIGINT   NOT NULL,
    title              TEXT     NOT NULL,
    instrument         TEXT     NOT NULL,  -- JSON: a copy, so that a later edition changes nothing
    purpose            TEXT     NOT NULL,
    state              TEXT     NOT NULL CHECK (state IN ('draft', 'open', 'closed')),
    anonymous          BOOLEAN  NOT NULL,
    threshold          BIGINT   NOT NULL,
    comment_threshold  BIGINT   NOT NULL,
    opens              TEXT     NOT NULL,
    closes             TEXT     NOT NULL,
    message            TEXT,
    launched_at        BIGINT,
    closed_at          BIGINT,
    snapshot           TEXT                -- JSON, written once, when the campaign is closed
);
CREATE INDEX campaign_org ON campaign (org);

-- Who is asked. The token is the personal link; `response` is the draft, and is cut when it is handed in.
CREATE TABLE invitee (
    id          UUID    NOT NULL PRIMARY KEY,
    org         UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    campaign    UUID    NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    person      UUID    REFERENCES person (id) ON DELETE SET NULL,
    name        TEXT    NOT NULL,
    email       TEXT,
    side        TEXT    NOT NULL,
    unit        TEXT,
    role        TEXT,
    influence   BIGINT,
    token       TEXT    NOT NULL UNIQUE,
    language    TEXT,
    response    UUID,
    answered    BOOLEAN NOT NULL,
    reminded    BIGINT  NOT NULL
);
CREATE INDEX invitee_campaign ON invitee (campaign);

-- What somebody answered. In an anonymous campaign nothing ties a response that was handed in to an invitee: its
-- identifier is random and no time is kept.
CREATE TABLE response (
    id          UUID     NOT NULL PRIMARY KEY,
    org         UUID     NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    campaign    UUID     NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    respondent  TEXT,    -- the key of answers that were brought in from elsewhere
    name        TEXT,    -- in campaigns under names
    side        TEXT     NOT NULL,
    unit        TEXT,
    role        TEXT,
    influence   BIGINT,
    submitted   BOOLEAN  NOT NULL,
    batch       UUID,
    UNIQUE (campaign, respondent)
);
CREATE INDEX response_campaign ON response (campaign);
CREATE INDEX response_batch ON response (batch);

-- One answer. Neither value nor words: "cannot judge".
CREATE TABLE answer (
    response  UUID              NOT NULL REFERENCES response (id) ON DELETE CASCADE,
    item      TEXT              NOT NULL,
    value     DOUBLE PRECISION,
    words     TEXT,
    PRIMARY KEY (response, item)
);
