/** A key knows what its command said: another command under the same key is refused. */
export const FINGERPRINTS = `
-- Short keyed hash of the command beside its key; none for commands of before.
ALTER TABLE event ADD COLUMN fingerprint INTEGER;
`;
