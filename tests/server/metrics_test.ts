/** O6 numbers for the operator, on a port of their own. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { login, request } from "../../src/client/mod.ts";
import { type Family, parseMetrics } from "../metrics/text_format.ts";
import { RawWebSocket } from "./raw_http.ts";
import { Rig, type RigOptions, until } from "./rig.ts";
import { WireSocket } from "./wire_socket.ts";

function start(options: RigOptions = {}): Promise<Rig> {
  return Rig.start({ ...options, settings: { metricsPort: 0, ...options.settings } });
}

function metricsUrl(rig: Rig): string {
  return `http://127.0.0.1:${rig.app.metricsPort}/metrics`;
}

async function textOf(rig: Rig): Promise<string> {
  const response = await fetch(metricsUrl(rig));
  equal(response.status, 200);
  equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  return await response.text();
}

/** Every series by its name and labels. */
class Scrape {
  readonly families: ReadonlyMap<string, Family>;
  readonly #values: ReadonlyMap<string, number>;

  constructor(text: string) {
    this.families = parseMetrics(text);
    this.#values = new Map([...this.families.values()].flatMap(({ samples }) => [...samples]));
  }

  static async of(rig: Rig): Promise<Scrape> {
    return new Scrape(await textOf(rig));
  }

  value(series: string): number {
    const value = this.#values.get(series);
    ok(value !== undefined, `${series} is there`);
    return value;
  }
}

Deno.test("O6 metrics are off unless a port is given, and never on the chat's own", async () => {
  await using rig = await Rig.start();
  equal(rig.app.metricsPort, undefined);
  const response = await fetch(`${rig.url}/metrics`);
  await response.body?.cancel();
  equal(response.status, 404);
});

Deno.test("O6 the listener answers GET /metrics and nothing else, and ends with the server", async () => {
  await using rig = await start();
  const url = metricsUrl(rig);
  const expected: [string, string, number][] = [
    ["HEAD", "/metrics", 200],
    ["POST", "/metrics", 405],
    ["GET", "/", 404],
    ["GET", "/api/v1/socket", 404],
    ["POST", "/api/v1/GetServerInfo", 404],
  ];
  for (const [method, path, status] of expected) {
    const response = await fetch(new URL(path, url), { method });
    await response.body?.cancel();
    equal(response.status, status, `${method} ${path}`);
  }
  await rig.stop();
  await rejects(fetch(url), TypeError);
});

Deno.test("O6 names follow the customs and every series exists from the start", async () => {
  await using rig = await start();
  const scrape = await Scrape.of(rig);
  const { families } = scrape;
  const value = (series: string) => scrape.value(series);
  for (const name of families.keys()) match(name, /^(?:rookery|process)_[a-z_]+$/);
  for (const reason of ["invalid_argument", "unauthenticated", "resource_exhausted", "internal"]) {
    equal(value(`rookery_websocket_refusals_total{reason="${reason}"}`), 0);
    equal(value(`rookery_commands_refused_total{reason="${reason}"}`), 0);
  }
  for (const check of ["draining", "takeover", "store", "commit", "writer", "disk", "loop"]) {
    equal(value(`rookery_check_failing{check="${check}"}`), 0);
  }
  equal(value("rookery_ready"), 1);
  for (const limit of ["socket_commands", "http_commands", "connections_per_user", "logins"]) {
    equal(value(`rookery_limited_total{limit="${limit}"}`), 0);
  }
  for (const reason of ["restart", "idle", "slow", "session_ended", "too_large", "malformed"]) {
    equal(value(`rookery_websocket_closes_total{reason="${reason}"}`), 0);
  }
  ok(value("process_resident_memory_bytes") > value("rookery_heap_used_bytes"));
  ok(value("rookery_heap_size_bytes") > 0);
  ok(value("process_cpu_seconds_total") > 0);
  ok(Math.abs(value("process_start_time_seconds") - performance.timeOrigin / 1000) < 1);
  ok(value("rookery_database_size_bytes") > 4096);
  ok(value("rookery_wal_size_bytes") > 0);
  const [build] = families.get("rookery_build_info")!.samples.keys();
  match(build!, /^rookery_build_info\{version="\d+\.\d+\.\d+",deno="\d+\.\d+\.\d+"\}$/);
});

Deno.test("O6 the event loop's delay is sampled while the server runs", async () => {
  await using rig = await start();
  const samples = async () => (await Scrape.of(rig)).value("rookery_event_loop_delay_seconds_count");
  const deadlineMs = performance.now() + 60_000;
  while (await samples() < 2) ok(performance.now() < deadlineMs, "Two samples come");
});

Deno.test("O6 messages move the numbers of deliveries, commits and frames by what happened", async () => {
  await using rig = await start();
  const channelId = await rig.owner().then(() => rig.app.core.store.channelByName("general")!.id);
  const [pia, quin] = [await rig.person("pia"), await rig.person("quin")];
  await using sender = await rig.live(pia);
  await using reader = await rig.live(quin);
  const before = await Scrape.of(rig);
  equal(before.value("rookery_connections"), 2);
  equal(before.value("rookery_users_online"), 2);
  equal(before.value("rookery_websocket_upgrades_total"), 2);
  equal(before.value("rookery_password_duration_seconds_count"), 3);

  const count = 20;
  for (let at = 0; at < count; at++) await sender.sendMessage(channelId, `message ${at}`);
  const newest = () => reader.replica.channels.get(channelId)!.messages.at(-1)?.text;
  await until("the last message arrives", () => newest() === `message ${count - 1}`);

  const after = await Scrape.of(rig);
  const grown = (series: string) => after.value(series) - before.value(series);
  equal(grown("rookery_deliveries_total"), 2 * count);
  equal(grown("rookery_events_stored_total"), count);
  // One after the other, so each is a batch of its own.
  equal(grown("rookery_batch_commands_count"), count);
  equal(grown('rookery_batch_commands_bucket{le="1"}'), count);
  equal(grown("rookery_batch_commands_sum"), count);
  equal(grown("rookery_commit_duration_seconds_count"), count);
  ok(grown("rookery_commit_duration_seconds_sum") > 0);
  ok(grown("rookery_frames_sent_total") >= count);
  ok(grown("rookery_sent_bytes_total") > 2 * count * "message 0".length);
  ok(after.value("rookery_wal_size_bytes") > 0);
  equal(after.value("rookery_commit_failures_total"), 0);
  equal(after.value("rookery_subscribers_behind"), 0);

  await reader.close();
  await until("the reader has left", () => rig.app.core.chat.stats().connections === 1);
  const left = await Scrape.of(rig);
  equal(left.value("rookery_connections"), 1);
  equal(left.value("rookery_users_online"), 1);
  deepEqual(rig.errors(), []);
});

Deno.test("O6 refusals, responses and closes are counted by reason", async () => {
  await using rig = await start();
  const olga = await rig.owner();
  const before = await Scrape.of(rig);
  const token = olga.token;
  await rejects(request(rig.url, ["getHistory", { channelId: 999_999 }], { token }), { code: "not_found" });
  await rejects(login(rig.url, { name: olga.name, password: "wrong password" }), { code: "unauthenticated" });
  await (await fetch(`${rig.url}/nowhere`)).body?.cancel();
  const nobody = new WireSocket(rig.socketUrl, {});
  equal(await nobody.opened, false);
  const strange = new WireSocket(rig.socketUrl, { token, protocols: ["another"] });
  equal(await strange.opened, false);
  const broken = await WireSocket.open(rig.socketUrl, { token });
  broken.socket.send(new Uint8Array([0xff]));
  equal((await broken.closed).code, 3502);

  const after = await Scrape.of(rig);
  const grown = (series: string) => after.value(series) - before.value(series);
  equal(grown('rookery_commands_refused_total{reason="not_found"}'), 1);
  equal(grown('rookery_commands_refused_total{reason="unauthenticated"}'), 1);
  equal(grown('rookery_websocket_refusals_total{reason="unauthenticated"}'), 1);
  equal(grown('rookery_websocket_refusals_total{reason="invalid_argument"}'), 1);
  equal(grown("rookery_websocket_upgrades_total"), 1);
  equal(grown('rookery_websocket_closes_total{reason="malformed"}'), 1);
  equal(grown('rookery_http_requests_total{status="1xx"}'), 1);
  // Two commands, a page that is not there and two handshakes.
  equal(grown('rookery_http_requests_total{status="4xx"}'), 5);
  equal(grown('rookery_http_requests_total{status="5xx"}'), 0);
  // Both got as far as the core, which counts them.
  equal(grown('rookery_http_commands_refused_total{reason="invalid_argument"}'), 0);
  equal(grown("rookery_password_duration_seconds_count"), 1);
});

Deno.test("O6 a full disk is counted, and the metrics go on", async () => {
  await using rig = await start();
  const olga = await rig.owner();
  const { token } = olga;
  const channelId = rig.app.core.store.channelByName("general")!.id;
  const send = () => request(rig.url, ["sendMessage", { channelId, text: "x".repeat(16_000) }], { token });
  rig.app.core.store.limitPages(1);
  await rejects(
    async () => {
      for (let at = 0; at < 100; at++) await send();
    },
    { code: "unavailable" },
  );
  equal((await Scrape.of(rig)).value("rookery_commit_failures_total"), 1);
});

Deno.test("O6 nothing personal is among the metrics", async () => {
  await using rig = await start({ settings: { name: "The Secret Nest" } });
  await rig.owner();
  const person = await rig.person("personal-name");
  const channelId = rig.app.core.store.channelByName("general")!.id;
  await using client = await rig.live(person);
  await client.sendMessage(channelId, "a private thought");
  const text = await textOf(rig);
  const personal = ["personal-name", "general", "thought", "Nest", person.token, "127.0.0.1", rig.folder];
  for (const part of personal) ok(!text.includes(part), part);
  const labels = new Set([...text.matchAll(/[{,]([a-z]+)="/g)].map(([, label]) => label));
  const fixed = ["check", "deno", "kind", "le", "level", "limit", "reason", "status", "version"];
  deepEqual([...labels].sort().filter((label) => !fixed.includes(label!)), []);
});

Deno.test("O6 what is refused at the door is counted, by its code and by the limit", async () => {
  const limits = { commandBurst: 10, commandsPerSecond: 1, connectionsPerUser: 1 };
  await using rig = await start({ limits });
  const { token } = await rig.owner();
  const post = async (body: string, headers: Record<string, string> = {}) => {
    const init = { method: "POST", body, headers: { "content-type": "application/json", ...headers } };
    const response = await fetch(`${rig.url}/api/v1/GetServerInfo`, init);
    await response.body?.cancel();
    return response.status;
  };
  equal(await post("{"), 400);
  equal(await post("{}", { authorization: "Bearer wrong" }), 401);
  let refused = 0;
  while (await post("{}") !== 429) ok(refused++ < 1000);
  const wire = await WireSocket.open(rig.socketUrl, { token });
  const second = new WireSocket(rig.socketUrl, { token });
  equal(await second.opened, false);
  wire.send(
    ...Array.from({ length: 20 }, (_, at) => ({ id: at + 10, body: { case: "ping", value: {} } as const })),
  );
  const limited = await wire.take("reply", ({ result }) => result.case === "error");
  equal(limited.result.case === "error" && limited.result.value.code, 6);
  await wire.close();
  const { value } = await Scrape.of(rig).then((scrape) => ({ value: (name: string) => scrape.value(name) }));
  equal(value('rookery_http_commands_refused_total{reason="invalid_argument"}'), 1);
  equal(value('rookery_http_commands_refused_total{reason="unauthenticated"}'), 1);
  ok(value('rookery_http_commands_refused_total{reason="resource_exhausted"}') >= 1);
  ok(value('rookery_limited_total{limit="http_commands"}') >= 1);
  ok(value('rookery_limited_total{limit="socket_commands"}') >= 1);
  equal(value('rookery_limited_total{limit="connections_per_user"}'), 1);
});

Deno.test("O6 logins that are refused because there were too many are counted", async () => {
  await using rig = await start();
  const { name } = await rig.owner();
  const attempt = () =>
    login(rig.url, { name, password: "wrong password" }).then(() => "in", ({ code }) => code);
  for (let at = 0; await attempt() !== "resource_exhausted"; at++) ok(at < 100);
  equal((await Scrape.of(rig)).value('rookery_limited_total{limit="logins"}'), 1);
});

Deno.test("O6 O10 the metrics of a server that was taken over end before its clients are sent away", async () => {
  await using rig = await start();
  const metrics = metricsUrl(rig);
  equal((await fetch(metrics).then((response) => response.text())).includes("rookery_ready 1"), true);
  rig.app.leave();
  await rejects(fetch(metrics), TypeError);
  equal(await fetch(`${rig.url}/healthz`).then((response) => response.text()), "ok\n");
});

Deno.test("O6 the metrics can be read until everybody else has gone", async () => {
  await using rig = await start();
  const olga = await rig.owner();
  // A peer that never takes its close frame, so that the server waits for it as long as it does for any.
  using peer = await RawWebSocket.connect(rig.app.port, olga.token);
  await until("the peer is there", () => rig.app.core.chat.stats().connections === 1);
  const { url } = rig;
  const metrics = metricsUrl(rig);
  const stopping = rig.stop();
  let last = "";
  let chatGone = false;
  while (!chatGone) {
    last = await fetch(metrics).then((response) => response.text(), () => last);
    chatGone = await fetch(`${url}/healthz`).then((response) =>
      response.body?.cancel(), () => "gone") === "gone";
  }
  match(last, /^rookery_check_failing\{check="draining"\} 1$/m);
  match(last, /^rookery_ready 0$/m);
  match(last, /^rookery_connections 0$/m);
  await stopping;
  await rejects(fetch(metrics), TypeError);
  void peer;
});
