/**
 * Private channels may share their names; emoji under a message stand in the
 * order in which they came; the link that claims a server has no time to end.
 */
export const NAMES_REACTIONS_CLAIM = `
DROP INDEX channel_name;
DROP INDEX channel_public;
CREATE UNIQUE INDEX channel_public ON channel (name) WHERE kind = 1;
CREATE INDEX channel_private ON channel (name) WHERE kind = 2;
CREATE INDEX channel_opened ON channel (creator) WHERE kind = 3;

-- Event since which the emoji has been there, the same for everybody who reacted with it.
ALTER TABLE reaction ADD COLUMN since_seq INTEGER NOT NULL DEFAULT 0;
UPDATE reaction SET since_seq = (
  SELECT min(seq) FROM reaction AS same
  WHERE same.channel = reaction.channel AND same.message_seq = reaction.message_seq AND same.emoji = reaction.emoji
);

-- The server's own owner links were made to be good for ten years.
UPDATE invite SET expires_ms = 0
WHERE creator = 0 AND role = 3 AND expires_ms - 315000000000 > (
  SELECT time_ms FROM event WHERE stream = 1 AND message = 0 AND kind = 52 AND target = invite.id
);
`;
