/** Sockets of a load generator. @module */
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import type { CommandSchema } from "../../src/wire/gen/rookery/v1/command_pb.ts";
import { ClientFrameSchema } from "../../src/wire/gen/rookery/v1/frame_pb.ts";
import { RawSocket } from "./raw_socket.ts";

/** Handshakes at a time: what a listener's backlog takes. */
const AT_ONCE = 50;
const OPEN = frameOf({ id: 1, body: { case: "open", value: {} } });

/** A frame of one command. */
export function frameOf(command: MessageInitShape<typeof CommandSchema>): Uint8Array<ArrayBuffer> {
  return toBinary(ClientFrameSchema, create(ClientFrameSchema, { commands: [command] }));
}

/** A socket for each token, opened: the welcome has come. */
export async function connectAll(socketUrl: string, tokens: readonly string[]): Promise<RawSocket[]> {
  const sockets: RawSocket[] = [];
  for (let at = 0; at < tokens.length; at += AT_ONCE) {
    const some = tokens.slice(at, at + AT_ONCE);
    sockets.push(...await Promise.all(some.map((token) => connect(socketUrl, token))));
  }
  return sockets;
}

async function connect(socketUrl: string, token: string): Promise<RawSocket> {
  const socket = await RawSocket.connect(socketUrl, ["rookery.v1.proto", `bearer.${token}`]);
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.onmessage = () => resolve();
  socket.send(OPEN);
  await promise;
  return socket;
}

/** Closes all and waits until they are. */
export async function closeAll(sockets: readonly RawSocket[]): Promise<void> {
  await Promise.all(sockets.map((socket) =>
    new Promise<void>((resolve) => {
      socket.onclose = resolve;
      socket.close();
    })
  ));
}
