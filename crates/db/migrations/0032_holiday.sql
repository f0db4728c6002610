-- Days on which nobody works, besides Saturday and Sunday.
CREATE TABLE holiday (
    id       UUID    NOT NULL PRIMARY KEY,
    org      UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    version  BIGINT  NOT NULL,
    name     TEXT    NOT NULL,
    day      TEXT    NOT NULL
);
CREATE INDEX holiday_org ON holiday (org);
