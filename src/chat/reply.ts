/** What the server says, as plain data: the messages of proto/rookery/v1/frame.proto. @module */
import type { Limits as WireLimits } from "../wire/gen/rookery/v1/model_pb.ts";
import type { Item, Reply } from "../wire/whole.ts";
import type { Event } from "./event.ts";
import type { Limits } from "./limits.ts";
import type { ServerRole } from "./model.ts";
import type { Plain, PlainMember } from "./plain.ts";

/** Of enums the server never says the value for "not given", except where the contract says so. */
type Said<T> = PlainMember<T, 0>;
type SaidResult = Said<Reply["result"]>;

/** By name, where it differs from what the contract has. */
interface Exceptions {
  /** By POST it has the name of the request. */
  error: Omit<ValueOf<SaidResult, "error">, "requestId" | "code"> & { code: number; requestId?: string };
  /** Without a role unless the invite is usable. */
  inviteCheck: Omit<ValueOf<SaidResult, "inviteCheck">, "role"> & { role: ServerRole | 0 };
}

type ValueOf<Union extends { case: string; value: unknown }, Case extends string> = Extract<
  Union,
  { case: Case }
>["value"];

/** Result of a command, by the name that Reply has for it. */
export type Result =
  | Exclude<SaidResult, { case: keyof Exceptions }>
  | {
    readonly [C in keyof Exceptions]: { readonly case: C; readonly value: Exceptions[C] };
  }[keyof Exceptions];

export type Welcome = ValueOf<Result, "welcome">;

/** The limits that clients are told. */
export type ToldLimits = Pick<Limits, keyof Plain<WireLimits>>;

/** One thing that the server says, by the name that Item has for it. */
export type ServerItem =
  | Exclude<Said<Item["item"]>, { case: "reply" | "event" }>
  | { readonly case: "reply"; readonly value: { readonly id: number; readonly result: Result } }
  | { readonly case: "event"; readonly value: Event };

export type Presence = ValueOf<ServerItem, "presence">;

export const DONE: Result = { case: "done", value: {} };
