/** Places that others have given a user are told from those that the user took; channels are counted by who made them. */
export const ADDED_MEMBERS = `
ALTER TABLE membership ADD COLUMN added INTEGER NOT NULL DEFAULT 0;
WITH joined AS MATERIALIZED (
  -- Beside max() stand the columns of its row.
  SELECT stream, target, actor, max(seq) FROM event WHERE kind = 17 GROUP BY stream, target
)
UPDATE membership SET added = 1 FROM joined
WHERE joined.stream = membership.channel AND joined.target = membership.user AND joined.actor NOT IN (0, joined.target)
  AND membership.banned = 0;
CREATE INDEX channel_made ON channel (creator) WHERE kind < 3;
`;
