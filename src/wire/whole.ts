/**
 * What a Rookery server always sends, though proto3 has no way to say so: every field that is a message may be missing
 * by its generated type. Users of the SDK get types in which these are there, and a server that leaves one out an error.
 *
 * @module
 */
import type * as frame from "./gen/rookery/v1/frame_pb.ts";
import type * as model from "./gen/rookery/v1/model_pb.ts";

/** The message with these fields for sure. */
type With<M, F extends keyof M> = Omit<M, F> & { [K in F]-?: NonNullable<M[K]> };

/** A channel with its state for the user. */
export type ChannelView = With<model.ChannelView, "channel">;
/** What anybody may know about the server. */
export type ServerInfo = With<frame.ServerInfo, "limits">;
/** A new session. */
export type SessionToken = With<frame.SessionToken, "user">;
/** Who the user is, and what they see. */
export type Welcome = Omit<With<frame.Welcome, "user" | "limits">, "channels"> & { channels: ChannelView[] };
export type Reply = Omit<frame.Reply, "result"> & { result: WholeMember<frame.Reply["result"]> };
export type Item = Omit<frame.Item, "item"> & { item: WholeMember<frame.Item["item"]> };

/** The message with all that a server sends. */
export type Whole<M> = M extends frame.Welcome ? Welcome
  : M extends frame.SessionToken ? SessionToken
  : M extends frame.ServerInfo ? ServerInfo
  : M extends frame.Reply ? Reply
  : M extends model.ChannelView ? ChannelView
  : M;

/** Member of a oneof. */
type WholeMember<U> = U extends { case: string; value: infer M } ? { case: U["case"]; value: Whole<M> } : U;

/** The items, all of them whole. Throws an Error that names what is missing. */
export function wholeItems(items: frame.Item[]): Item[] {
  for (const { item } of items) {
    if (item.case === "reply") checkResult(item.value.result);
    else if (item.case === "subscribed") checkView(item.value);
  }
  return items as Item[];
}

/** The result of a command, whole. Throws an Error that names what is missing. */
export function checkResult(
  { case: name, value }: { readonly case: string | undefined; readonly value?: unknown },
): void {
  if (name === "sessionToken") require("SessionToken", value as frame.SessionToken, ["user"]);
  else if (name === "serverInfo") require("ServerInfo", value as frame.ServerInfo, ["limits"]);
  else if (name === "welcome") {
    require("Welcome", value as frame.Welcome, ["user", "limits"]);
    for (const view of (value as frame.Welcome).channels) checkView(view);
  }
}

function checkView(view: model.ChannelView): void {
  require("ChannelView", view, ["channel"]);
}

function require<M>(name: string, message: M, fields: readonly (keyof M & string)[]): void {
  for (const field of fields) {
    if (message[field] === undefined) throw new Error(`The server has sent a ${name} without its ${field}`);
  }
}
