/** All scenarios by name. @module */
import { abuse } from "./abuse.ts";
import { durable } from "./durable.ts";
import { handover } from "./handover.ts";
import { idle } from "./idle.ts";
import { ladder } from "./ladder.ts";
import { large } from "./large.ts";
import { loginStorm } from "./login_storm.ts";
import { peers } from "./peers.ts";
import { reconnectStorm } from "./reconnect_storm.ts";
import { rooms } from "./rooms.ts";
import type { Scenario } from "./scenario.ts";
import { slowReaders } from "./slow_readers.ts";
import { soak } from "./soak.ts";
import { steady } from "./steady.ts";

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  ladder,
  steady,
  rooms,
  durable,
  peers,
  "login-storm": loginStorm,
  "reconnect-storm": reconnectStorm,
  handover,
  "slow-readers": slowReaders,
  idle,
  large,
  soak,
  abuse,
};
