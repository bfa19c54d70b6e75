/** What anybody may know about the server. @module */
import { signal } from "@preact/signals";
import { request, type RookeryClient, type ServerInfo, serverInfo } from "../../../client/mod.ts";
import { BASE } from "../../base.ts";

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

/** Gives the server another name, with the session in the cookie. Rejects with RookeryError. */
export async function nameServer(name: string): Promise<void> {
  await request(BASE, ["updateServer", { name }]);
  server.value = await serverInfo(BASE);
}

/** Keeps the server's name true as long as the client lasts. */
export function followServer(client: RookeryClient): void {
  client.on("event", async ({ body }) => {
    if (body.case !== "serverUpdated") return;
    const { name } = body.value;
    // An event that was missed may be older than a name in the configuration, which goes before it.
    const info = await client.call("getServerInfo", {}).catch(() => undefined);
    const known = server.peek();
    if (info) server.value = info;
    else if (known && name !== "") server.value = { ...known, name };
  });
}
