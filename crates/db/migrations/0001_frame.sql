-- The frame: organisations, accounts, people, records' history and links, files, mail.
-- Only what SQLite and PostgreSQL read alike: no sequences, no native enums, no NUMERIC. Identifiers are made by
-- the program. Dates are ISO 8601 text, instants milliseconds since the epoch. Links between records of one
-- organisation are checked at commit, so that a batch may bring them in any order.

CREATE TABLE organisation (
    id                UUID    NOT NULL PRIMARY KEY,
    name              TEXT    NOT NULL,
    locale            TEXT    NOT NULL,
    currency          TEXT    NOT NULL,
    time_zone         TEXT    NOT NULL,
    year_starts       TEXT    NOT NULL,  -- month and day, as 07-01
    budget_due        TEXT    NOT NULL,  -- month and day, as 05-29
    results_days      BIGINT  NOT NULL,
    decisions_days    BIGINT  NOT NULL,
    calendar_secret   TEXT    NOT NULL UNIQUE,
    version           BIGINT  NOT NULL
);

CREATE TABLE account (
    id             UUID    NOT NULL PRIMARY KEY,
    email          TEXT    NOT NULL UNIQUE,
    name           TEXT    NOT NULL,
    password_hash  TEXT    NOT NULL,
    created_at     BIGINT  NOT NULL,
    disabled_at    BIGINT
);

CREATE TABLE membership (
    account  UUID  NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    org      UUID  NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    role     TEXT  NOT NULL CHECK (role IN ('owner', 'it_leader', 'finance', 'business_leader', 'contributor', 'viewer', 'consultant')),
    PRIMARY KEY (account, org)
);

CREATE TABLE session (
    token_hash  TEXT    NOT NULL PRIMARY KEY,
    account     UUID    NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    org         UUID    REFERENCES organisation (id) ON DELETE CASCADE,
    started_at  BIGINT  NOT NULL,
    seen_at     BIGINT  NOT NULL
);
CREATE INDEX session_account ON session (account);

CREATE TABLE invitation (
    token_hash  TEXT    NOT NULL PRIMARY KEY,
    org         UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    email       TEXT    NOT NULL,
    role        TEXT    NOT NULL,
    invited_by  UUID    NOT NULL REFERENCES account (id),
    expires_at  BIGINT  NOT NULL,
    used_at     BIGINT
);
CREATE INDEX invitation_org ON invitation (org);

CREATE TABLE business_unit (
    id       UUID    NOT NULL PRIMARY KEY,
    org      UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version  BIGINT  NOT NULL,
    code     TEXT,
    name     TEXT    NOT NULL,
    parent   UUID    REFERENCES business_unit (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX business_unit_org ON business_unit (org);

CREATE TABLE person (
    id         UUID    NOT NULL PRIMARY KEY,
    org        UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version    BIGINT  NOT NULL,
    name       TEXT    NOT NULL,
    email      TEXT,
    side       TEXT    NOT NULL,
    job        TEXT,
    unit       UUID    REFERENCES business_unit (id) DEFERRABLE INITIALLY DEFERRED,
    manager    UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    influence  BIGINT,
    starts     TEXT,
    ends       TEXT
);
CREATE INDEX person_org ON person (org);

CREATE TABLE action (
    id          UUID    NOT NULL PRIMARY KEY,
    org         UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version     BIGINT  NOT NULL,
    title       TEXT    NOT NULL,
    about       TEXT    NOT NULL,
    competency  TEXT,
    owner       UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    due         TEXT,
    state       TEXT    NOT NULL,
    detail      TEXT
);
CREATE INDEX action_org ON action (org);

-- The thread: one record leads to another. Kinds are names of the registry.
CREATE TABLE link (
    id         UUID    NOT NULL PRIMARY KEY,
    org        UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    from_kind  TEXT    NOT NULL,
    from_id    UUID    NOT NULL,
    relation   TEXT    NOT NULL,
    to_kind    TEXT    NOT NULL,
    to_id      UUID    NOT NULL,
    UNIQUE (org, from_id, relation, to_id)
);
CREATE INDEX link_from ON link (org, from_id);
CREATE INDEX link_to ON link (org, to_id);

-- Who changed what, when, from what to what. Rows are only ever added.
CREATE TABLE audit (
    id         UUID    NOT NULL PRIMARY KEY,
    org        UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    at         BIGINT  NOT NULL,
    account    UUID,
    who        TEXT    NOT NULL,
    act        TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    record     UUID    NOT NULL,
    title      TEXT    NOT NULL,
    changes    TEXT    NOT NULL,  -- JSON: field -> [before, after]
    version    BIGINT  NOT NULL,  -- of the record after the change
    batch      UUID
);
CREATE INDEX audit_record ON audit (org, record);
CREATE INDEX audit_at ON audit (org, at);
CREATE INDEX audit_batch ON audit (batch);

CREATE TABLE import_batch (
    id          UUID    NOT NULL PRIMARY KEY,
    org         UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    target      TEXT    NOT NULL,  -- a kind of record, or another target that registered
    about       UUID,              -- what it went into, where the target needs one (a campaign)
    file_name   TEXT    NOT NULL,
    file_hash   TEXT    NOT NULL,
    settings    TEXT    NOT NULL,  -- JSON: how the file was read and which column went where
    state       TEXT    NOT NULL CHECK (state IN ('draft', 'done', 'undone')),
    by_account  UUID,
    by_name     TEXT    NOT NULL,
    at          BIGINT  NOT NULL,
    created     BIGINT  NOT NULL,
    updated     BIGINT  NOT NULL,
    unchanged   BIGINT  NOT NULL,
    skipped     BIGINT  NOT NULL
);
CREATE INDEX import_batch_org ON import_batch (org);

-- How a source was read the last time, found again by its headers.
CREATE TABLE import_memory (
    org          UUID  NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    target       TEXT  NOT NULL,
    fingerprint  TEXT  NOT NULL,
    settings     TEXT  NOT NULL,
    PRIMARY KEY (org, target, fingerprint)
);

-- Mail waits here until a server has taken it, and stays as the record that it was sent.
CREATE TABLE mail (
    id          UUID    NOT NULL PRIMARY KEY,
    org         UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    once        TEXT    NOT NULL UNIQUE,  -- names the occasion: the same mail is never queued twice
    about       UUID,
    recipient   TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed')),
    attempts    BIGINT  NOT NULL,
    next_at     BIGINT  NOT NULL,
    problem     TEXT,
    sent_at     BIGINT
);
CREATE INDEX mail_state ON mail (state, next_at);
CREATE INDEX mail_about ON mail (org, about);
