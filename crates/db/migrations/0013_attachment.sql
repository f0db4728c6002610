-- Documents attached to records; the files themselves are kept by their content.
CREATE TABLE attachment (
    id      UUID    NOT NULL PRIMARY KEY,
    org     UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    kind    TEXT    NOT NULL,
    record  UUID    NOT NULL,
    name    TEXT    NOT NULL,
    size    BIGINT  NOT NULL,
    hash    TEXT    NOT NULL,
    who     TEXT    NOT NULL,
    at      BIGINT  NOT NULL
);
CREATE INDEX attachment_record ON attachment (org, record);
CREATE INDEX attachment_hash ON attachment (hash);
