-- Who was asked to sign a record off, and what they said of which version. Rows of older versions stay.
CREATE TABLE signature (
    id        UUID    NOT NULL PRIMARY KEY,
    org       UUID    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
    kind      TEXT    NOT NULL,
    record    UUID    NOT NULL,
    version   BIGINT  NOT NULL,
    person    UUID    REFERENCES person (id) ON DELETE SET NULL,
    name      TEXT    NOT NULL,  -- as they were called then
    verdict   TEXT    NOT NULL CHECK (verdict IN ('asked', 'signed', 'declined')),
    note      TEXT,
    at        BIGINT  NOT NULL,
    recorded  TEXT                -- who noted it for them, as in a meeting
);
CREATE INDEX signature_record ON signature (org, record);
CREATE INDEX signature_person ON signature (org, person);
