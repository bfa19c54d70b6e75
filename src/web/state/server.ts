/** What anybody may know about the server. @module */
import { signal } from "@preact/signals";
import { type ServerInfo, serverInfo } from "../../client/mod.ts";
import { BASE } from "../base.ts";

export const server = signal<ServerInfo | undefined>(undefined);

/** Asks for it; a server that cannot be reached is asked again by whoever needs it. */
export async function loadServer(): Promise<void> {
  server.value = await serverInfo(BASE);
}
