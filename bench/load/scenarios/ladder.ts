/**
 * The rows of the report on the Python server that this one descends from:
 * every user says something every ten seconds, and everybody hears it.
 *
 * @module
 */
import { runChat } from "../lab/chat_run.ts";
import type { OwnServer } from "../lab/own_server.ts";
import { startOwnServer } from "../lab/own_server.ts";
import type { Row } from "../lab/row.ts";
import type { Setting } from "../lab/setting.ts";
import { hashOf, SignIns } from "../lab/sign_ins.ts";
import type { Options } from "../options.ts";
import type { Scenario } from "./scenario.ts";

/** Deliveries a second of the report, and its 99th percentile where it is known. */
const REPORT: Readonly<Record<number, { deliveries_per_s: number; p99_ms?: number }>> = {
  250: { deliveries_per_s: 6500 },
  300: { deliveries_per_s: 9000 },
  325: { deliveries_per_s: 11_000 },
  400: { deliveries_per_s: 16_500 },
  425: { deliveries_per_s: 18_000, p99_ms: 768 },
};
const RATE = 0.1;
const SECONDS = 20;

export const ladder: Scenario = {
  summary: "the rows of the report: 250 to 425 users, then with users signing in all the time",
  async *run(options, setting) {
    const rows = options.users ?? Object.keys(REPORT).map(Number);
    const passwordHash = await hashOf(options.cost);
    for (const signingIn of [false, true]) {
      for (const users of rows) {
        await using server = await startOwnServer({
          users,
          wire: options.wire,
          ...setting.server,
          passwordHash,
          config: { "bcrypt-cost": options.cost },
        });
        yield await measure(server, { signingIn, options, setting });
      }
    }
  },
};

async function measure(
  server: OwnServer,
  { signingIn, options, setting }: { signingIn: boolean; options: Options; setting: Setting },
): Promise<Row> {
  const users = server.users.length;
  const seconds = options.seconds ?? SECONDS;
  const signIns = new SignIns(server.url);
  const row = await runChat({
    label: `${users} users${signingIn ? ", signing in" : ""}`,
    target: server,
    rate: options.rate ?? RATE,
    seconds,
    bytes: options.bytes,
    warmUpSeconds: options.warmUp,
    // One sign-in after the other, so that the password worker never rests.
    ...(signingIn ? { during: () => signIns.oneByOne(users, seconds * 1000) } : {}),
  }, setting);
  return {
    ...row,
    ...(REPORT[users] ? { report: REPORT[users] } : {}),
    extra: { sign_ins: signIns.done },
  };
}
