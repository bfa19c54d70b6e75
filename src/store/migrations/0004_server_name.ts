/** Owners give the server its name; empty until one does. */
export const SERVER_NAME = `
ALTER TABLE meta ADD COLUMN server_name TEXT NOT NULL DEFAULT '';
`;
