/** Every table beside the log, kept in step with it. @module */
import type { DatabaseSync } from "node:sqlite";
import { accountProjection } from "./accounts.ts";
import { directoryProjection } from "./directory.ts";
import { membershipProjection } from "./memberships.ts";
import { messageProjection } from "./messages.ts";
import type { Projection } from "./projection.ts";

export function prepareProjections(db: DatabaseSync): Projection {
  return {
    ...messageProjection(db),
    ...membershipProjection(db),
    ...directoryProjection(db),
    ...accountProjection(db),
  };
}
