-- Strategic sourcing: activities and where people place them, suppliers and contracts, selections, moves, scorecards.
CREATE TABLE activity (
    id          UUID    NOT NULL PRIMARY KEY,
    org         UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version     BIGINT  NOT NULL,
    name        TEXT    NOT NULL,
    about       TEXT,
    owner       UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    importance  TEXT,
    capability  TEXT,
    reason      TEXT,
    agreed_on   TEXT
);
CREATE INDEX activity_org ON activity (org);

CREATE TABLE placement (
    id          UUID    NOT NULL PRIMARY KEY,
    org         UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version     BIGINT  NOT NULL,
    activity    UUID    NOT NULL REFERENCES activity (id) DEFERRABLE INITIALLY DEFERRED,
    person      UUID    NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    importance  TEXT    NOT NULL,
    capability  TEXT    NOT NULL,
    note        TEXT
);
CREATE INDEX placement_org ON placement (org);
CREATE UNIQUE INDEX placement_once ON placement (activity, person);

CREATE TABLE supplier (
    id       UUID    NOT NULL PRIMARY KEY,
    org      UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version  BIGINT  NOT NULL,
    name     TEXT    NOT NULL,
    about    TEXT,
    contact  TEXT,
    email    TEXT,
    website  TEXT,
    owner    UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    state    TEXT    NOT NULL
);
CREATE INDEX supplier_org ON supplier (org);

CREATE TABLE contract (
    id            UUID     NOT NULL PRIMARY KEY,
    org           UUID     NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version       BIGINT   NOT NULL,
    name          TEXT     NOT NULL,
    supplier      UUID     NOT NULL REFERENCES supplier (id) DEFERRABLE INITIALLY DEFERRED,
    scope         TEXT,
    activity      UUID     REFERENCES activity (id) DEFERRABLE INITIALLY DEFERRED,
    owner         UUID     REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    starts        TEXT     NOT NULL,
    ends          TEXT,
    term_months   BIGINT,
    auto_renew    BOOLEAN  NOT NULL,
    notice        TEXT,
    price         BIGINT,
    billing       TEXT,
    increase_pct  TEXT,
    account       TEXT,
    cost_centre   TEXT,
    exit_terms    TEXT,
    state         TEXT     NOT NULL
);
CREATE INDEX contract_org ON contract (org);

CREATE TABLE scorecard (
    id           UUID    NOT NULL PRIMARY KEY,
    org          UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version      BIGINT  NOT NULL,
    supplier     UUID    NOT NULL REFERENCES supplier (id) DEFERRABLE INITIALLY DEFERRED,
    scored_on    TEXT    NOT NULL,
    person       UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    quality      BIGINT  NOT NULL,
    delivery     BIGINT  NOT NULL,
    cost         BIGINT  NOT NULL,
    cooperation  BIGINT  NOT NULL,
    note         TEXT
);
CREATE INDEX scorecard_org ON scorecard (org);

CREATE TABLE move (
    id               UUID    NOT NULL PRIMARY KEY,
    org              UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version          BIGINT  NOT NULL,
    name             TEXT    NOT NULL,
    activity         UUID    NOT NULL REFERENCES activity (id) DEFERRABLE INITIALLY DEFERRED,
    supplier         UUID    REFERENCES supplier (id) DEFERRABLE INITIALLY DEFERRED,
    today            TEXT    NOT NULL,
    inside_cost      BIGINT,
    inside_change    TEXT,
    provider_cost    BIGINT,
    provider_change  TEXT,
    one_off          BIGINT,
    services         TEXT,
    skills           TEXT,
    decision         TEXT    NOT NULL,
    reason           TEXT,
    decided_on       TEXT
);
CREATE INDEX move_org ON move (org);

CREATE TABLE selection (
    id         UUID    NOT NULL PRIMARY KEY,
    org        UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version    BIGINT  NOT NULL,
    title      TEXT    NOT NULL,
    activity   UUID    REFERENCES activity (id) DEFERRABLE INITIALLY DEFERRED,
    owner      UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    weighing   TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    chosen     TEXT,
    reason     TEXT,
    closed_on  TEXT
);
CREATE INDEX selection_org ON selection (org);

CREATE TABLE criterion (
    id         UUID    NOT NULL PRIMARY KEY,
    org        UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version    BIGINT  NOT NULL,
    name       TEXT    NOT NULL,
    selection  UUID    NOT NULL REFERENCES selection (id) DEFERRABLE INITIALLY DEFERRED,
    weight     BIGINT  NOT NULL,
    about      TEXT
);
CREATE INDEX criterion_org ON criterion (org);

CREATE TABLE candidate (
    id         UUID    NOT NULL PRIMARY KEY,
    org        UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version    BIGINT  NOT NULL,
    name       TEXT    NOT NULL,
    selection  UUID    NOT NULL REFERENCES selection (id) DEFERRABLE INITIALLY DEFERRED,
    supplier   UUID    REFERENCES supplier (id) DEFERRABLE INITIALLY DEFERRED,
    about      TEXT
);
CREATE INDEX candidate_org ON candidate (org);

CREATE TABLE score (
    id         UUID    NOT NULL PRIMARY KEY,
    org        UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version    BIGINT  NOT NULL,
    candidate  UUID    NOT NULL REFERENCES candidate (id) DEFERRABLE INITIALLY DEFERRED,
    criterion  UUID    NOT NULL REFERENCES criterion (id) DEFERRABLE INITIALLY DEFERRED,
    person     UUID    NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    points     BIGINT  NOT NULL,
    note       TEXT
);
CREATE INDEX score_org ON score (org);
CREATE UNIQUE INDEX score_once ON score (candidate, criterion, person);

CREATE TABLE comparison (
    id         UUID    NOT NULL PRIMARY KEY,
    org        UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version    BIGINT  NOT NULL,
    criterion  UUID    NOT NULL REFERENCES criterion (id) DEFERRABLE INITIALLY DEFERRED,
    other      UUID    NOT NULL REFERENCES criterion (id) DEFERRABLE INITIALLY DEFERRED,
    times      TEXT    NOT NULL
);
CREATE INDEX comparison_org ON comparison (org);

-- How many days before the last day of notice the owner of a contract is written to.
CREATE TABLE notice_alert (
    org   UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    days  BIGINT  NOT NULL,
    PRIMARY KEY (org, days)
);
