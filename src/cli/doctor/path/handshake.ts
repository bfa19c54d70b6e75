/** A WebSocket's handshake byte by byte, for what fetch and WebSocket do not show (RFC 6455, section 4). @module */

export interface Handshake extends Disposable {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** What came of the body with the head. */
  readonly body: string;
  /** Address that this side of the connection has. */
  readonly localAddress: string;
  /** Resolves when the other side ends the connection; rejects never. */
  ended(): Promise<void>;
}

export interface HandshakeOptions {
  readonly protocol: string;
  readonly token?: string | undefined;
  readonly timeoutMs: number;
}

/** Asks for an upgrade. Rejects when nobody listens, or when there is no answer in time. */
export async function shakeHands(
  address: string,
  { protocol, token, timeoutMs }: HandshakeOptions,
): Promise<Handshake> {
  const url = new URL(address);
  const connection = await connect(url);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    connection.close();
  }, timeoutMs);
  try {
    const key = crypto.getRandomValues(new Uint8Array(16)).toBase64();
    const lines = [
      `GET ${url.pathname} HTTP/1.1`,
      `Host: ${url.host}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${key}`,
      `Sec-WebSocket-Protocol: ${protocol}`,
      "Sec-WebSocket-Extensions: permessage-deflate",
      ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ];
    const bytes = new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join("") + "\r\n");
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
    const answer = await readAnswer(connection);
    return {
      ...answer,
      localAddress: (connection.localAddr as Deno.NetAddr).hostname,
      ended: () => drain(connection),
      [Symbol.dispose]: () => close(connection),
    };
  } catch (error) {
    if (late) throw new Error(`No answer within ${timeoutMs / 1000} s`);
    close(connection);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function connect(url: URL): Promise<Deno.Conn> {
  const secure = url.protocol === "wss:" || url.protocol === "https:";
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || (secure ? 443 : 80));
  if (!secure) return await Deno.connect({ hostname, port });
  const connection = await Deno.connectTls({ hostname, port, alpnProtocols: ["http/1.1"] });
  try {
    await connection.handshake();
    return connection;
  } catch (error) {
    close(connection);
    throw error;
  }
}

/** Head of the answer, and as much of its body as it announces, up to a few KiB. */
async function readAnswer(
  connection: Deno.Conn,
): Promise<{ status: number; headers: Map<string, string>; body: string }> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(16 * 1024);
  let text = "";
  for (;;) {
    const end = text.indexOf("\r\n\r\n");
    if (end >= 0) {
      const [first, ...fields] = text.slice(0, end).split("\r\n");
      const headers = new Map(fields.map((field) => {
        const colon = field.indexOf(":");
        return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
      }));
      const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first!)?.[1]);
      if (!status) throw new Error("The answer is no HTTP/1.1");
      const body = text.slice(end + 4);
      const announced = Math.min(Number(headers.get("content-length") ?? 0), buffer.length);
      if (status === 101 || body.length >= announced) return { status, headers, body };
    }
    if (text.length > buffer.length * 4) throw new Error("The answer's head is too long");
    const count = await connection.read(buffer);
    if (count === null) throw new Error("The connection ended before the answer");
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
}

async function drain(connection: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(4096);
  while (await connection.read(buffer).catch(() => null) !== null);
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It has ended already.
  }
}
