/** Somebody who comes through a proxy, with trust in its certificate. @module */
import { connect as connectTls } from "node:tls";
import { type ClientOptions, RookeryClient } from "../../src/client/mod.ts";
import type { Proxy } from "./proxy.ts";

export class Visitor implements Disposable {
  readonly proxy: Proxy;
  readonly path: string;
  readonly #http: Deno.HttpClient;

  constructor(proxy: Proxy, path = "") {
    this.proxy = proxy;
    this.path = path;
    this.#http = Deno.createHttpClient({ caCerts: [proxy.certificate.pem] });
  }

  get base(): string {
    return this.proxy.url(this.path);
  }

  /** Asks for a path below the chat's address. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.base}${path}`, { redirect: "manual", ...init, client: this.#http } as RequestInit);
  }

  /** Sends a command as JSON. */
  post(command: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.fetch(`/api/v1/${command}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  }

  /** A client that comes this way. */
  client(token: string | undefined, options: ClientOptions = {}): RookeryClient {
    const client = this.#http;
    const [fetching, Socket] = [
      (url: string, init: RequestInit) => fetch(url, { ...init, client } as RequestInit),
      class extends WebSocket {
        constructor(url: string, protocols: string[]) {
          super(url, { protocols, client });
        }
      },
    ];
    return new RookeryClient(this.base, {
      token,
      fetch: fetching,
      WebSocket: Socket,
      backoff: { baseMs: 20, capMs: 200 },
      ...options,
    });
  }

  /** The first lines of the answer to a request that is sent from another address of this machine. */
  async rawFrom(localAddress: string, lines: readonly string[], body = ""): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const socket = connectTls({
      host: "127.0.0.1",
      port: this.proxy.ports.tls,
      localAddress,
      ca: this.proxy.certificate.pem,
      servername: "localhost",
      // deno-lint-ignore no-explicit-any -- Node's types leave localAddress out of TLS
    } as any, () => socket.write([...lines, "", body].join("\r\n")));
    let text = "";
    socket.on("data", (data) => {
      text += data;
      if (text.includes("\r\n\r\n")) resolve(text);
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
    return await promise.finally(() => socket.destroy());
  }

  [Symbol.dispose](): void {
    this.#http.close();
  }
}
