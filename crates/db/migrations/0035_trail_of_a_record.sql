-- With its order in it, the trail of one record or import is found by it: else SQLite reads the whole trail for the
-- order's sake.
DROP INDEX audit_record;
DROP INDEX audit_batch;
CREATE INDEX audit_record ON audit (org, record, at);
CREATE INDEX audit_batch ON audit (org, batch, at);
