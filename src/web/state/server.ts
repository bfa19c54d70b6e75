/** What anybody may know about the server. @module */
import { signal } from "@preact/signals";
import { type ServerInfo, serverInfo } from "../../client/mod.ts";
import { BASE } from "../base.ts";

export const server = signal<ServerInfo | undefined>(undefined);

const [AGAIN_MS, AGAIN_MS_MAX] = [1_000, 20_000];

/** Asks for it until there is an answer. */
export async function loadServer(pauseMs = AGAIN_MS): Promise<void> {
  try {
    server.value = await serverInfo(BASE);
  } catch {
    setTimeout(() => void loadServer(Math.min(2 * pauseMs, AGAIN_MS_MAX)), pauseMs);
  }
}
