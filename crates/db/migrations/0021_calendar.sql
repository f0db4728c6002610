-- Each member has a calendar address of their own, which shows what they may see. The one that all shared showed the
-- contracts of the organisation to everybody; it leads nowhere any more, and its column, which SQLite cannot take away
-- because it is UNIQUE, is read by nobody.
ALTER TABLE membership ADD COLUMN calendar_secret TEXT;
CREATE UNIQUE INDEX membership_calendar ON membership (calendar_secret);
