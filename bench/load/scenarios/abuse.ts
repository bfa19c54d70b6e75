/** What one attacker does to the others: a row for each way, on a server with its default limits. @module */
import { OptionError } from "../../../tools/options.ts";
import { range } from "../../seed.ts";
import { ATTACK_NAMES, type AttackName, type AttackPlan, ATTACKS } from "../attacks.ts";
import { runChat } from "../lab/chat_run.ts";
import { Generator } from "../lab/generators.ts";
import { type OwnServer, startOwnServer } from "../lab/own_server.ts";
import { rounded, type Row } from "../lab/row.ts";
import type { Setting } from "../lab/setting.ts";
import { hashOf, PASSWORD } from "../lab/sign_ins.ts";
import type { Options } from "../options.ts";
import type { AbuseJob, AbuseResult } from "../protocol.ts";
import type { Scenario } from "./scenario.ts";

const BYSTANDERS = 25;
const RATE = 4;
const SECONDS = 5;
const WARM_UP_SECONDS = 2;
/** Who was held up is waited for: late is not lost. */
const PATIENCE_MS = 60_000;

const BESIDE_THE_POINT: ReadonlySet<string> = new Set<keyof Row>([
  ...["p90_ms", "p95_ms", "p999_ms", "sent", "expected", "received"] as const,
  ...["offered_per_s", "deliveries_per_s", "deliveries_per_frame", "bytes_per_delivery"] as const,
  ...["generator_cpu", "reloads"] as const,
]);

export const abuse: Scenario = {
  summary: "25 people chat while one attacker does the worst that the default limits allow",
  async *run(options, setting) {
    const names = attackNames(options);
    const passwordHash = names.some((name) => planOf(name).passwords)
      ? await hashOf(options.cost)
      : undefined;
    const calm = await measure(undefined, { options, setting, passwordHash });
    yield calm;
    for (const name of names) {
      const row = await measure(name, { options, setting, passwordHash });
      const times = (of: "p50_ms" | "p99_ms") => rounded(row[of]! / calm[of]!);
      yield {
        ...row,
        extra: { p50_times_calm: times("p50_ms"), p99_times_calm: times("p99_ms"), ...row.extra },
      };
    }
  },
};

function attackNames({ attacks }: Options): readonly AttackName[] {
  const unknown = attacks?.find((name) => !Object.hasOwn(ATTACKS, name));
  if (unknown !== undefined) throw new OptionError(`No attack '${unknown}' (see --help)`);
  return attacks as AttackName[] | undefined ?? ATTACK_NAMES;
}

function planOf(name: AttackName): AttackPlan {
  return ATTACKS[name];
}

interface Conditions {
  readonly options: Options;
  readonly setting: Setting;
  readonly passwordHash: string | undefined;
}

/** One row; without a name nobody attacks. */
async function measure(
  name: AttackName | undefined,
  { options, setting, passwordHash }: Conditions,
): Promise<Row> {
  const plan: AttackPlan = name === undefined ? { label: "calm" } : planOf(name);
  const bystanders = options.users?.[0] ?? BYSTANDERS;
  const seconds = options.seconds ?? SECONDS;
  await using server = await startArena(plan, { bystanders, options, setting, passwordHash });
  const job = name && jobOf(name, { server, bystanders, seconds });
  // Attackers have machines of their own: this one must not keep the bystanders' generator waiting for its core.
  await using attacker = job && new Generator(job, setting.cores.generators, { idle: true });
  await attacker?.hear();
  let result: AbuseResult | undefined;
  const whole = await runChat({
    label: plan.label,
    target: {
      ...server,
      users: server.users.slice(0, bystanders),
      receivers: { [server.users[0]!.channelIds[0]!]: bystanders },
    },
    rate: options.rate ?? RATE,
    seconds,
    bytes: options.bytes,
    warmUpSeconds: options.warmUp ?? WARM_UP_SECONDS,
    sleeps: true,
    async during() {
      attacker?.tell({ type: "go", atUs: Date.now() * 1000 });
      const message = await attacker?.hear();
      if (message?.type === "done") result = message.result as AbuseResult;
    },
  }, { ...setting, patienceMs: PATIENCE_MS });
  const row = brief(whole);
  if (!result) return row;
  const { accepted, refused, turnedAway, numbers } = result;
  return { ...row, extra: { accepted, refused, turned_away: turnedAway, ...numbers } };
}

/** Without what says nothing of the attack. */
function brief(row: Row): Row {
  const kept = Object.entries(row).filter(([name]) => !BESIDE_THE_POINT.has(name));
  return Object.fromEntries(kept) as unknown as Row;
}

/** The others first, then the victim, then the attacker, who shares a channel with the victim alone. */
function startArena(
  { channels = 0, messages = 0, limits = {} }: AttackPlan,
  { bystanders, options, setting, passwordHash }: Conditions & { readonly bystanders: number },
): Promise<OwnServer> {
  const [victim, attacker] = [bystanders, bystanders + 1];
  return startOwnServer({
    users: bystanders + 2,
    channels: [range(bystanders), [victim, attacker], ...range(channels).map(() => [victim, attacker])],
    messages,
    ...setting.server,
    wire: options.wire,
    limits,
    ...(passwordHash === undefined ? {} : { passwordHash }),
    // So that the attacker can say where they come from.
    config: { "trusted-proxies": ["127.0.0.1"], "bcrypt-cost": options.cost },
  });
}

function jobOf(
  attack: AttackName,
  { server, bystanders, seconds }: { server: OwnServer; bystanders: number; seconds: number },
): AbuseJob {
  const { users, userIds, url, socketUrl } = server;
  return {
    kind: "abuse",
    attack,
    url,
    socketUrl,
    attacker: users[bystanders + 1]!,
    victim: {
      id: userIds[bystanders]!,
      name: `user${bystanders}`,
      password: PASSWORD,
      token: users[bystanders]!.token,
    },
    people: userIds.slice(0, bystanders),
    attackMs: seconds * 1000,
  };
}
