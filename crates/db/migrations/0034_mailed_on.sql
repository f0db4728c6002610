-- The day of the last message to somebody follows from the mail about their survey.
ALTER TABLE invitee DROP COLUMN mailed_on;
