-- Invitations and reminders by e-mail.
ALTER TABLE campaign ADD COLUMN reminds BOOLEAN NOT NULL DEFAULT FALSE;  -- by itself, before the last day
ALTER TABLE invitee DROP COLUMN reminded;
ALTER TABLE invitee ADD COLUMN mailed_on TEXT;  -- the last day for which mail was put in line
