/** Why there is no connection, in the user's language. @module */
import { type ClientState, RookeryError } from "../../client/mod.ts";
import { t } from "./i18n.ts";

/** Empty when there is no more to say than that there is none. */
export function obstacleText({ obstacle, error }: Extract<ClientState, { name: "waiting" }>): string {
  switch (obstacle) {
    case "blocked":
      return t("obstacleBlocked");
    case "foreign":
      return t("obstacleForeign");
    case "refused": {
      const full = error.cause instanceof RookeryError && error.cause.code === "resource_exhausted";
      return t(full ? "obstacleFull" : "obstacleRefused");
    }
    default:
      return "";
  }
}
