/**
 * The log's order of writing gets a name that SQLite keeps: a rowid without a column may be numbered anew by VACUUM.
 *
 * A column that is the rowid takes no place in the rows (https://sqlite.org/rowidtable.html), so the table stays as it is and
 * its definition alone changes, in no time however long the log is (https://sqlite.org/lang_altertable.html, section 7).
 */
export const POSITION = `
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
SET sql = substr(sql, 1, length(sql) - length(') STRICT')) || ', position INTEGER PRIMARY KEY) STRICT'
WHERE type = 'table' AND name = 'event' AND sql LIKE '%) STRICT';
PRAGMA writable_schema = RESET;
-- What is made and dropped tells other connections to read the definitions anew.
CREATE VIEW notice AS SELECT 1;
DROP VIEW notice;
`;
