/** The lab from its command line to its report, on real servers: an honest one and one that loses. @module */
import assert from "node:assert/strict";
import { runChat } from "../../bench/load/lab/chat_run.ts";
import type { Row } from "../../bench/load/lab/row.ts";
import type { Target } from "../../bench/load/lab/target.ts";
import { readCommandLine } from "../../bench/load/options.ts";
import { OptionError } from "../../tools/options.ts";
import { htmlOf } from "../../bench/load/report/html.ts";
import { Progress } from "../../bench/load/report/progress.ts";
import { reportOf } from "../../bench/load/report/report.ts";
import { tableOf } from "../../bench/load/report/table.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const SETTING = {
  cores: { server: undefined, generators: undefined },
  server: { cores: undefined, denoFlags: [] },
  processes: 2,
  progress: new Progress(false),
};

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

async function load(...args: string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", "--quiet", "-A", "bench/load/main.ts", ...args],
    cwd: ROOT,
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), error: text.decode(stderr) };
}

Deno.test("steady: everything arrives, and --json prints one object and nothing else", async () => {
  const { code, out, error } = await load(
    ...["steady", "--users", "20", "--rate", "2", "--seconds", "2", "--warm-up", "1", "--json"],
  );
  assert.equal(code, 0, error);
  assert.equal(out.trim().split("\n").length, 1);
  const report = JSON.parse(out);
  assert.equal(report.lost, 0);
  assert.equal(report.doubled, 0);
  assert.equal(report.reordered, 0);
  assert(report.p99_ms > 0);
  const [row] = report.rows;
  assert.equal(row.received, row.expected);
  assert.equal(row.expected, row.sent * 20);
  // A machine with much else to do sends less than was asked of it.
  assert(row.sent > 0 && row.sent <= 80);
  assert(row.batches.length > 0);
});

Deno.test("reconnect-storm: everybody gets what they missed", async () => {
  const storm = await load(...[
    "reconnect-storm",
    "--users",
    "30",
    "--missed",
    "20",
    "--rooms",
    "3",
    "--json",
  ]);
  assert.equal(storm.code, 0, storm.error);
  const [row] = JSON.parse(storm.out).rows;
  assert.equal(row.received, 600);
  assert.equal(row.extra.caught_up, 30);
});

Deno.test("handover: everybody is sent to the other process, and nothing is lost", async () => {
  const { code, out, error } = await load(...[
    "handover",
    "--users",
    "20",
    "--rate",
    "2",
    "--seconds",
    "3",
    "--json",
  ]);
  assert.equal(code, 0, error);
  const [row] = JSON.parse(out).rows;
  assert.ok(row.sent > 0);
  assert.deepEqual([row.lost, row.doubled, row.reordered], [0, 0, 0]);
  const { acknowledged, reconnects, knocks, old_exit_code } = row.extra;
  assert.equal(acknowledged, row.sent);
  // Whoever finds the old process at its last moment comes a second time.
  assert.ok(reconnects >= 20 && knocks > 0);
  assert.equal(old_exit_code, 0);
});

Deno.test("abuse: a calm row, a row for each attack, and what the server answered to it", async () => {
  const { code, out, error } = await load(...[
    "abuse",
    ...["--attacks", "watch,directs,lock-out"],
    ...["--users", "5", "--rate", "2", "--seconds", "1", "--warm-up", "1", "--cost", "4", "--json"],
  ]);
  assert.equal(code, 0, error);
  const [calm, watch, directs, lockOut] = JSON.parse(out).rows;
  assert.equal(calm.label, "calm");
  assert.equal(calm.extra, undefined);
  for (const row of [watch, directs, lockOut]) {
    const { p50_times_calm, p99_times_calm, accepted, refused } = row.extra;
    assert.ok(p50_times_calm > 0 && p99_times_calm > 0, row.label);
    assert.ok(accepted + refused > 0, row.label);
    assert.equal(row.lost, 0, row.label);
  }
  assert.ok(watch.extra.accepted > 0 && directs.extra.accepted > 0);
  assert.equal(lockOut.extra.accepted, 0);
  assert.ok(lockOut.extra.logins > 0);
});

Deno.test("a relay that loses every tenth message is found out", async () => {
  await using relay = losingRelay(10);
  const row = await runChat(
    { label: "losing", target: relay, rate: 5, seconds: 2, warmUpSeconds: 1 },
    // Settling waits for what does not come any more, and what comes late is not lost.
    { ...SETTING, patienceMs: 5_000 },
  );
  assert(row.expected! > 0);
  const share = row.lost! / row.expected!;
  assert(share > 0.05 && share < 0.15, `${row.lost} of ${row.expected}`);
  assert.equal(row.received! + row.lost!, row.expected);
});

Deno.test("bad arguments are one line and exit code 2", async () => {
  for (
    const args of [
      ["nothing"],
      ["abuse", "--attacks", "nothing"],
      ["steady", "--users", "none"],
      ["steady", "--what"],
      [],
      ["steady", "more"],
    ]
  ) {
    const { code, out, error } = await load(...args);
    assert.equal(code, 2, args.join(" "));
    assert.equal(out, "");
    assert.match(error, /^load: .+\n$/);
  }
});

Deno.test("options: numbers are checked, and the rest has defaults", () => {
  const { scenario, options } = readCommandLine([
    "ladder",
    "--users",
    "10,20",
    "--rate",
    "0.5",
    "--no-pin",
    "--deno-flags=--a --b=c",
  ]);
  assert.equal(scenario, "ladder");
  assert.deepEqual(options.users, [10, 20]);
  assert.equal(options.rate, 0.5);
  assert.equal(options.pin, false);
  assert.deepEqual(options.denoFlags, ["--a", "--b=c"]);
  assert.equal(options.wire, "proto");
  for (
    const bad of [
      "--bytes=16",
      "--bytes=0x20",
      "--seconds=0",
      "--seconds=1.5",
      "--cost=99",
      "--wire=xml",
      "--users=1,,2",
    ]
  ) {
    assert.throws(() => readCommandLine(["steady", bad]), OptionError, bad);
  }
});

const ROW: Row = {
  label: 'rooms <script>"&',
  server: "Rookery",
  users: 100,
  p50_ms: 1.234,
  p99_ms: 12.34,
  lost: 1,
  doubled: 2,
  reordered: 3,
  generator_cpu: 0.95,
  generator_late_p99_ms: 20,
  cut_off: 4,
  batches: [{ at_most: 1, count: 10 }, { at_most: null, count: 1 }],
  timeline: [0, 1].map((second) => ({
    second,
    p50_ms: 1,
    p99_ms: 2,
    deliveries: 3,
    server_cpu: 0.4,
    generator_cpu: 0.5,
    rss_mb: 100,
  })),
  extra: { sign_ins: 1234 },
};
const FACTS = {
  scenario: "test",
  description: "a <test>",
  machine: { cores: 2 },
  command: "deno",
  started: "now",
};

Deno.test("a report counts Rookery's rows only, and says what makes a row doubtful", () => {
  const report = reportOf(FACTS, [ROW, { ...ROW, label: "peer", server: "other", lost: 100, p99_ms: 99 }]);
  assert.equal(report.lost, 1);
  assert.equal(report.doubled, 2);
  assert.equal(report.reordered, 3);
  assert.equal(report.p99_ms, 12.34);
  assert.equal(report.warnings.length, 6);
  assert.match(report.warnings[0]!, /busy 95 %/);
});

Deno.test("a table has the columns that are used, the scenario's own at the end", () => {
  const [head, line] = tableOf([ROW]);
  assert.match(head!, /p50 +p99 +lost +doubled +reordered +cut off +load +sign ins$/);
  assert.match(line!, /1\.23 ms +12\.3 ms +1 +2 +3 +4 +95 % +1,234$/);
});

Deno.test("the HTML report is one file whose texts are escaped", () => {
  const html = htmlOf(reportOf(FACTS, [ROW, { ...ROW, users: 200 }]));
  assert(!html.includes("<script"));
  assert(!/(src|href)=/.test(html));
  assert.match(html, /rooms &lt;script&gt;&quot;&amp;/);
  assert.match(html, /Over the number of users/);
  assert(html.includes("<polyline") && html.includes("<rect"));
  assert(!html.includes("NaN"));
});

/** A broadcast relay that passes on all but every nth message. */
function losingRelay(nth: number): Target {
  const sockets = new Set<WebSocket>();
  let count = 0;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onopen = () => sockets.add(socket);
    socket.onclose = () => sockets.delete(socket);
    socket.onmessage = ({ data }) => {
      if (++count % nth === 0) return;
      for (const other of sockets) other.send(data);
    };
    return response;
  });
  const users = Array.from({ length: 10 }, () => ({ token: "", channelIds: [0] }));
  return {
    name: "losing relay",
    dialect: "relay",
    socketUrl: `ws://127.0.0.1:${server.addr.port}/`,
    users,
    receivers: { 0: users.length },
    pid: undefined,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
