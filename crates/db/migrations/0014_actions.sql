-- Outcomes and obstacles have registers of their own.
ALTER TABLE action DROP COLUMN about;
