/**
 * The log is a table in the order of writing with one small index per place in
 * a stream. Clustered by stream, a batch over 200 channels would dirty 200 fat
 * pages in two trees and take four times as long.
 *
 * Kinds 9 and 10 are a deleted message and a message.
 */
export const INITIAL = `
CREATE TABLE meta (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  epoch TEXT NOT NULL,
  max_id INTEGER NOT NULL
) STRICT;

CREATE TABLE event (
  stream INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  actor INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  target INTEGER NOT NULL,
  text TEXT,
  extra ANY,
  edited_ms INTEGER,
  key TEXT,
  message INTEGER AS (kind IN (9, 10)) VIRTUAL
) STRICT;
-- Messages apart from the rest: history and unread counts never step over other kinds.
CREATE INDEX event_place ON event (stream, message, seq, actor, kind);
-- Keys that begin with the time append here; the actor in front would scatter them.
CREATE UNIQUE INDEX event_key ON event (key, actor) WHERE key IS NOT NULL;

CREATE TABLE user (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  role INTEGER NOT NULL,
  disabled INTEGER NOT NULL
) STRICT;
CREATE INDEX user_owner ON user (id) WHERE role = 3 AND disabled = 0;

CREATE TABLE credential (
  user INTEGER PRIMARY KEY,
  hash TEXT NOT NULL
) STRICT;

CREATE TABLE session (
  id INTEGER PRIMARY KEY,
  user INTEGER NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  device TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  last_used_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX session_user ON session (user, created_ms, id);

CREATE TABLE channel (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  name TEXT NOT NULL,
  topic TEXT NOT NULL,
  archived INTEGER NOT NULL,
  creator INTEGER NOT NULL,
  direct_key TEXT
) STRICT;
CREATE UNIQUE INDEX channel_name ON channel (name) WHERE name <> '';
CREATE UNIQUE INDEX channel_direct ON channel (direct_key) WHERE direct_key IS NOT NULL;
CREATE INDEX channel_public ON channel (name) WHERE kind = 1;

CREATE TABLE membership (
  channel INTEGER NOT NULL,
  user INTEGER NOT NULL,
  role INTEGER NOT NULL,
  banned INTEGER NOT NULL,
  read_seq INTEGER NOT NULL,
  PRIMARY KEY (channel, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_user ON membership (user, channel);
CREATE INDEX membership_page ON membership (channel, banned, user, role);
CREATE INDEX membership_owner ON membership (channel) WHERE role = 3 AND banned = 0;

CREATE TABLE invite (
  id INTEGER PRIMARY KEY,
  role INTEGER NOT NULL,
  uses_left INTEGER NOT NULL CONSTRAINT invite_has_uses CHECK (uses_left >= 0),
  expires_ms INTEGER NOT NULL,
  creator INTEGER NOT NULL,
  channel_ids TEXT NOT NULL,
  revoked INTEGER NOT NULL
) STRICT;

CREATE TABLE reaction (
  channel INTEGER NOT NULL,
  message_seq INTEGER NOT NULL,
  emoji TEXT NOT NULL,
  user INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (channel, message_seq, emoji, user)
) STRICT, WITHOUT ROWID;

-- User 0 stands for everybody in the channel.
CREATE TABLE mention (
  user INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  author INTEGER NOT NULL,
  PRIMARY KEY (user, channel, seq)
) STRICT, WITHOUT ROWID;
`;
