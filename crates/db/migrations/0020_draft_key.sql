-- What is kept of the cookie of the browser in which somebody began to answer an anonymous survey.
ALTER TABLE invitee ADD COLUMN draft_key TEXT;
