/** A client, the server that it believes to have, and their clock. @module */
import { type ClientOptions, RookeryClient } from "../../src/client/mod.ts";
import { FakeServer } from "./fake_server.ts";
import { ManualClock } from "./manual_clock.ts";

export interface Harness {
  readonly server: FakeServer;
  readonly clock: ManualClock;
  readonly client: RookeryClient;
}

/** A client that has not connected. Pauses take half of their bound. */
export function idleHarness(options: ClientOptions = {}): Harness {
  const server = new FakeServer();
  const clock = new ManualClock();
  const { WebSocket, fetch } = server;
  const client = new RookeryClient("http://chat.test/base/", {
    token: "secret",
    WebSocket,
    fetch,
    clock,
    random: () => 0.5,
    ...options,
  });
  return { server, clock, client };
}

/** A client that is live. */
export async function liveHarness(options: ClientOptions = {}): Promise<Harness> {
  const harness = idleHarness(options);
  const live = harness.client.live();
  await harness.server.socket.welcome();
  await live;
  return harness;
}

/** Cuts the connection and lets the client come back. */
export async function reconnect({ server, clock }: Harness): Promise<void> {
  const before = server.sockets.length;
  await server.socket.drop();
  await clock.advance(1000);
  if (server.sockets.length !== before + 1) throw new Error("The client did not come back");
}
