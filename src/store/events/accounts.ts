/** Users and their passwords. @module */
import type { DatabaseSync } from "node:sqlite";
import type { User } from "../../chat/model.ts";
import { refuseNul } from "../writer/conflict.ts";
import type { EventDefinitions, Projection } from "./definition.ts";
import { prepareGiven } from "./max_id.ts";

/** Throws for users whose texts SQLite would cut. */
export function refuseUnstorableUser({ name, displayName }: User): void {
  refuseNul(name);
  refuseNul(displayName);
}

function prepareUser(db: DatabaseSync): Projection {
  const put = db.prepare(
    `INSERT INTO user (id, name, display_name, role, disabled) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, display_name = excluded.display_name,
       role = excluded.role, disabled = excluded.disabled`,
  );
  return ({ extra }) => {
    const user = JSON.parse(extra as string) as User;
    refuseUnstorableUser(user);
    put.run(user.id, user.name, user.displayName, user.role, user.disabled ? 1 : 0);
  };
}

export const ACCOUNT_EVENTS = {
  userAdded: {
    kind: 50,
    encode: ({ user }) => [user.id, null, JSON.stringify(user), null],
    decode: ({ extra }) => ({ user: JSON.parse(extra as string) as User }),
    project(db) {
      const put = prepareUser(db);
      const given = prepareGiven(db);
      return (change) => {
        put(change);
        given(change.target);
      };
    },
  },
  userUpdated: {
    kind: 51,
    encode: ({ user }) => [user.id, null, JSON.stringify(user), null],
    decode: ({ extra }) => ({ user: JSON.parse(extra as string) as User }),
    project: prepareUser,
  },
  passwordChanged: {
    kind: 35,
    encode: ({ passwordHash }) => [0, null, null, passwordHash],
    decode: () => ({ passwordHash: "" }),
    project(db) {
      const put = db.prepare(
        "INSERT INTO credential (user, hash) VALUES (?, ?) ON CONFLICT DO UPDATE SET hash = excluded.hash",
      );
      return ({ stream, secret }) => void put.run(stream, secret);
    },
  },
} satisfies EventDefinitions<"userAdded" | "userUpdated" | "passwordChanged">;
