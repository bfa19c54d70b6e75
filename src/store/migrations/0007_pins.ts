/** Messages that are pinned to their channel, by whom and by which event, which has the time. */
export const PINS = `
CREATE TABLE pin (
  channel INTEGER NOT NULL,
  message_seq INTEGER NOT NULL,
  user INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (channel, message_seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX pin_page ON pin (channel, seq);
`;
