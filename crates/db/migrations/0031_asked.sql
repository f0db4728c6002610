-- Personal links of people who are asked something without an account: what, about which record, until when.
CREATE TABLE asked (
    id        UUID  NOT NULL PRIMARY KEY,
    org       UUID  NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    what      TEXT  NOT NULL,
    about     UUID  NOT NULL, -- the organisation itself where it is about everything of it
    person    UUID  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    token     TEXT  NOT NULL UNIQUE,
    closes    TEXT  NOT NULL,
    language  TEXT
);
CREATE UNIQUE INDEX asked_once ON asked (org, what, about, person);
