/** Server roles by the names that the command line has for them. @module */
import { ServerRole } from "../chat/model.ts";
import { UsageError } from "./subcommand.ts";

const BY_NAME = new Map<string, ServerRole>([
  ["member", ServerRole.MEMBER],
  ["admin", ServerRole.ADMIN],
  ["owner", ServerRole.OWNER],
]);

export const ROLES: readonly string[] = [...BY_NAME.keys()];

/** Member when none was given; throws UsageError for a name that is none. */
export function readRole(name: string | undefined, where = "--role"): ServerRole {
  const role = name === undefined ? ServerRole.MEMBER : BY_NAME.get(name);
  if (role === undefined) {
    throw new UsageError(
      `${where} must be ${ROLES.slice(0, -1).join(", ")} or ${ROLES.at(-1)}, not ${JSON.stringify(name)}`,
    );
  }
  return role;
}

export function roleName(role: number): string {
  return ROLES.find((name) => BY_NAME.get(name) === role) ?? "unknown";
}
