/** Every kind of server that the generator can speak to. @module */
import type { Dialect } from "./dialect.ts";
import { pythonServer } from "./python.ts";
import { plainRelay } from "./relay.ts";
import { rookeryJson } from "./rookery_json.ts";
import { rookeryProto } from "./rookery_proto.ts";
import { socketIo } from "./socket_io.ts";

export const DIALECTS = {
  "rookery-proto": rookeryProto,
  "rookery-json": rookeryJson,
  relay: plainRelay,
  python: pythonServer,
  "socket.io": socketIo,
} as const satisfies Record<string, Dialect>;

export type DialectName = keyof typeof DIALECTS;
