/** Many sockets at once. @module */
import type { RawSocket } from "./raw_socket.ts";

/** Handshakes at a time: what a listener's backlog takes. */
const AT_ONCE = 50;

/** One connection for each item, in order; fails with the first that is refused. */
export async function connectAll<T>(
  items: readonly T[],
  connect: (item: T) => Promise<RawSocket>,
): Promise<RawSocket[]> {
  const sockets: RawSocket[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    sockets.push(...await Promise.all(items.slice(at, at + AT_ONCE).map(connect)));
  }
  return sockets;
}

/** Closes all and waits until they are; those that take too long are cut. */
export async function closeAll(sockets: readonly RawSocket[], withinMs = 5000): Promise<void> {
  const timer = setTimeout(() => sockets.forEach((socket) => socket.cut()), withinMs);
  await Promise.all(sockets.map((socket) =>
    new Promise<void>((resolve) => {
      socket.onclose = resolve;
      socket.pace = undefined;
      socket.close();
    })
  ));
  clearTimeout(timer);
}
