/** Sessions: the hash of a session's token stands in its table alone. @module */
import type { EventDefinitions } from "./definition.ts";
import { prepareGiven } from "./max_id.ts";

export const SESSION_EVENTS = {
  sessionStarted: {
    kind: 33,
    encode: ({ sessionId, device, tokenHash }) => [sessionId, device, null, tokenHash],
    decode: ({ target, text }) => ({ sessionId: target, device: text ?? "", tokenHash: "" }),
    project(db) {
      const start = db.prepare(
        "INSERT INTO session (id, user, token_hash, device, created_ms, last_used_ms) VALUES (?, ?, ?, ?, ?, ?)",
      );
      const given = prepareGiven(db);
      return ({ target, stream, secret, text, timeMs }) => {
        start.run(target, stream, secret, text, timeMs, timeMs);
        given(target);
      };
    },
  },
  sessionEnded: {
    kind: 34,
    encode: ({ sessionId }) => [sessionId, null, null, null],
    decode: ({ target }) => ({ sessionId: target }),
    project(db) {
      const end = db.prepare("DELETE FROM session WHERE id = ?");
      return ({ target }) => void end.run(target);
    },
  },
} satisfies EventDefinitions<"sessionStarted" | "sessionEnded">;
