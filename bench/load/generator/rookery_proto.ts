/** Rookery in protobuf, scanned by hand: millions of messages come every second. @module */
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import type { CommandSchema } from "../../../src/wire/gen/rookery/v1/command_pb.ts";
import { ClientFrameSchema } from "../../../src/wire/gen/rookery/v1/frame_pb.ts";
import type { Dialect } from "./dialect.ts";
import { FrameScanner, ITEM } from "./frames.ts";
import { RawSocket } from "./raw_socket.ts";

/** A frame of one command. */
export function frameOf(command: MessageInitShape<typeof CommandSchema>): Uint8Array<ArrayBuffer> {
  return toBinary(ClientFrameSchema, create(ClientFrameSchema, { commands: [command] }));
}

const OPEN = frameOf({ id: 1, body: { case: "open", value: {} } });

/** A socket that has not opened: it gets answers only. */
export async function connectRaw(url: string, token: string): Promise<RawSocket> {
  return await RawSocket.connect(url, { protocols: ["rookery.v1.proto", `bearer.${token}`] });
}

/** Sends an Open and resolves when its answer has come. */
export async function open(socket: RawSocket, frame: Uint8Array = OPEN): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.onmessage = () => resolve();
  socket.onclose = () => reject(new Error("The server closed the connection"));
  socket.start();
  socket.send(frame);
  await promise;
  socket.onmessage = () => {};
}

export const rookeryProto: Dialect = {
  async connect(url, token) {
    const socket = await connectRaw(url, token);
    await open(socket);
    return socket;
  },
  say(socket, channelId, text) {
    socket.send(frameOf({ id: 0, body: { case: "sendMessage", value: { channelId, text } } }));
  },
  listen(socket, receiver) {
    const scanner = new FrameScanner({
      pass: (bytes, at) => receiver.pass(bytes, at),
      message: (stream, seq, place) => receiver.numbered(stream, seq, place, place),
      other: (stream, seq) => receiver.other(stream, seq),
      item: (tag) => tag === ITEM.reload && receiver.reload(),
    });
    socket.onmessage = (data) => {
      receiver.arrive();
      scanner.scan(data);
    };
  },
};
