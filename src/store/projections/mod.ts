/** Every table beside the log, kept in step with it. @module */
import type { DatabaseSync } from "node:sqlite";
import type { Change } from "../cells.ts";
import { accountProjection } from "./accounts.ts";
import { directoryProjection } from "./directory.ts";
import { membershipProjection } from "./memberships.ts";
import { messageProjection } from "./messages.ts";

/** What each kind of event does to the tables; kinds without an entry do nothing. */
export type Projection = Partial<Record<number, (change: Change) => void>>;

export function prepareProjections(db: DatabaseSync): Projection {
  return {
    ...messageProjection(db),
    ...membershipProjection(db),
    ...directoryProjection(db),
    ...accountProjection(db),
  };
}
