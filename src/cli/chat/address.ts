/** What a person may say to name a server. @module */
import { UsageError } from "../subcommand.ts";

/** A server, and the invite that the address came with. */
export interface ServerTarget {
  /** Absolute address without query and fragment. */
  readonly base: string;
  readonly inviteCode: string | undefined;
}

/** Reads a server's address or an invite link; "chat.example" means https there, and http on this machine. */
export function readTarget(text: string): ServerTarget {
  const local = /^(?:localhost|127\.|\[::1\])/.test(text);
  const absolute = /^[a-z]+:\/\//i.test(text) ? text : `${local ? "http" : "https"}://${text}`;
  const url = URL.canParse(absolute) ? new URL(absolute) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "") {
    throw new UsageError(`${JSON.stringify(text)} is no server address: use one like http://127.0.0.1:8080`);
  }
  const inviteCode = new URLSearchParams(url.hash.slice(1)).get("invite") ?? undefined;
  url.hash = url.search = "";
  return { base: url.href.replace(/(?<!\/)\/+$/, ""), inviteCode };
}
