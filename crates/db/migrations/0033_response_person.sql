-- In campaigns under names: whose record it is who answered, since a name may be that of several people.
ALTER TABLE response ADD COLUMN person UUID REFERENCES person (id) ON DELETE SET NULL;
