/** What the server is called. @module */
import type { EventDefinitions } from "./definition.ts";

export const SERVER_EVENTS = {
  serverUpdated: {
    kind: 55,
    encode: ({ name }) => [0, name, null, null],
    decode: ({ text }) => ({ name: text ?? "" }),
    project(db) {
      const rename = db.prepare("UPDATE meta SET server_name = ?");
      return ({ text }) => void rename.run(text);
    },
  },
} satisfies EventDefinitions<"serverUpdated">;
