-- Team composition: skills, who has them, where they are needed, what is planned about them, and how the week is spent.
CREATE TABLE skill (
    id         UUID    NOT NULL PRIMARY KEY,
    org        UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version    BIGINT  NOT NULL,
    name       TEXT    NOT NULL,
    field      TEXT,
    about      TEXT,
    sfia_code  TEXT,
    ecf_code   TEXT,
    nice_id    TEXT,
    not_needed BOOLEAN NOT NULL
);
CREATE INDEX skill_org ON skill (org);

-- Seen by the person and their lead only.
CREATE TABLE skill_rating (
    id        UUID    NOT NULL PRIMARY KEY,
    org       UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version   BIGINT  NOT NULL,
    person    UUID    NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    skill     UUID    NOT NULL REFERENCES skill (id) DEFERRABLE INITIALLY DEFERRED,
    own       TEXT,
    lead      TEXT,
    evidence  TEXT,
    rated_on  TEXT
);
CREATE INDEX skill_rating_org ON skill_rating (org);

CREATE TABLE skill_need (
    id         UUID    NOT NULL PRIMARY KEY,
    org        UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version    BIGINT  NOT NULL,
    what_for   TEXT    NOT NULL,
    skill      UUID    NOT NULL REFERENCES skill (id) DEFERRABLE INITIALLY DEFERRED,
    level      TEXT    NOT NULL,
    people     BIGINT,
    desirable  BOOLEAN NOT NULL,
    activity   UUID    REFERENCES activity (id) DEFERRABLE INITIALLY DEFERRED,
    role       UUID    REFERENCES role (id) DEFERRABLE INITIALLY DEFERRED,
    starts     TEXT,
    ends       TEXT
);
CREATE INDEX skill_need_org ON skill_need (org);

CREATE TABLE skill_plan (
    id         UUID    NOT NULL PRIMARY KEY,
    org        UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version    BIGINT  NOT NULL,
    title      TEXT    NOT NULL,
    skill      UUID    NOT NULL REFERENCES skill (id) DEFERRABLE INITIALLY DEFERRED,
    way        TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    gap        TEXT,
    owner      UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    person     UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    role       UUID    REFERENCES role (id) DEFERRABLE INITIALLY DEFERRED,
    reports_to UUID    REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    level      TEXT,
    people     BIGINT,
    due        TEXT,
    once       BIGINT,
    yearly     BIGINT
);
CREATE INDEX skill_plan_org ON skill_plan (org);

CREATE TABLE time_share (
    id        UUID    NOT NULL PRIMARY KEY,
    org       UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version   BIGINT  NOT NULL,
    person    UUID    NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    week      TEXT    NOT NULL,
    led       BIGINT  NOT NULL,
    fixing    BIGINT  NOT NULL
);
CREATE INDEX time_share_org ON time_share (org);
