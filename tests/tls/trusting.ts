/** Clients that trust the certificates of these tests. @module */
import type { ClientOptions, Fetch } from "../../src/client/mod.ts";
import type { KeyPair } from "../../src/server/listener.ts";

/** Trusts these certificates alone, and keeps no connection from one request to the next. */
export function clientThatTrusts(...pairs: readonly KeyPair[]): Deno.HttpClient {
  return Deno.createHttpClient({ caCerts: pairs.map(({ cert }) => cert), poolMaxIdlePerHost: 0 });
}

/** What the SDK needs to trust nothing but what this client does. */
export function sdkThatTrusts(
  client: Deno.HttpClient,
): { fetch: Fetch; WebSocket: NonNullable<ClientOptions["WebSocket"]> } {
  return {
    fetch: (url, init) => fetch(url, { ...init, client }),
    WebSocket: class extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, { protocols, client });
      }
    },
  };
}
