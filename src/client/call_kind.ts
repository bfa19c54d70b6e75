import { COMMAND_TABLE, type CommandCase } from "../wire/client_codec.ts";

/**
 * How a client's commands travel.
 *
 * - `durable`: kept in the outbox until it is answered.
 * - `secret`: the same, but never given to the outbox's store.
 * - `read`: asked once, on the present connection.
 * - `apart`: not by a call: the connection opens itself, and sessions begin and end by POST, where cookies are.
 */
export type CallKind = "durable" | "secret" | "read" | "apart";

const APART: ReadonlySet<CommandCase> = new Set(["open", "logout"]);

interface Properties {
  readonly kind: "read" | "durable" | "live";
  readonly secret?: boolean;
  readonly postOnly?: boolean;
}

/** Undefined for a command that the contract does not have. */
export function callKind(name: CommandCase): CallKind | undefined {
  const command: Properties | undefined = COMMAND_TABLE[name];
  if (!command) return undefined;
  if (command.postOnly || APART.has(name)) return "apart";
  if (command.kind !== "durable") return "read";
  return command.secret ? "secret" : "durable";
}
