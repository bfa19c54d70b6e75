/**
 * What a client can ask for, as plain data: the messages of proto/rookery/v1/command.proto.
 *
 * @module
 */
import type { Command as WireCommand } from "../wire/gen/rookery/v1/command_pb.ts";
import type { Plain } from "./plain.ts";

type WireBody = Exclude<WireCommand["body"], { case: undefined }>;

export type CommandCase = WireBody["case"];

/** What each command says. */
export type CommandBodies = { [C in CommandCase]: Plain<Extract<WireBody, { case: C }>["value"]> };

/** One command's name and content. */
export type CommandBody = { [C in CommandCase]: { case: C; value: CommandBodies[C] } }[CommandCase];

/** One request. */
export interface Command {
  /** Echoed in the reply; 0 asks for none. */
  readonly id: number;
  /** Client's own name for a durable change; empty when it has none. */
  readonly key: string;
  readonly body: CommandBody;
}

/** A command's body by its name, for callers that make commands by hand. */
export function commandOf(body: CommandBody, options: { id?: number; key?: string } = {}): Command {
  return { id: options.id ?? 0, key: options.key ?? "", body };
}
