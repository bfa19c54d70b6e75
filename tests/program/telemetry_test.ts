/** OpenTelemetry as Deno has it built in: what arrives at a collector, and that no secret is among it. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { login, register, request } from "../../src/client/mod.ts";
import { startTask } from "../../tools/start_task.ts";
import { WireSocket } from "../server/wire_socket.ts";
import { until } from "../until.ts";
import { temporaryFolder } from "./program.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

interface Attribute {
  readonly key: string;
  readonly value: Record<string, unknown>;
}

/** A collector that takes OTLP as JSON over HTTP and keeps all of it. */
class Collector implements AsyncDisposable {
  readonly bodies: Record<string, string[]> = { "/v1/traces": [], "/v1/logs": [], "/v1/metrics": [] };
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
      const body = await request.text();
      this.bodies[new URL(request.url).pathname]?.push(body);
      return new Response("{}", { headers: { "content-type": "application/json" } });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  get all(): string {
    return Object.values(this.bodies).flat().join("\n");
  }

  /** Attributes of every span. */
  spans(): Record<string, unknown>[] {
    return this.#found("/v1/traces", "spans").map((span) => attributesOf(span["attributes"] as Attribute[]));
  }

  /** What the log's lines say. */
  logs(): string[] {
    return this.#found("/v1/logs", "logRecords").map(({ body }) =>
      (body as { stringValue: string }).stringValue
    );
  }

  /** Of the line about this event. */
  severityOf(event: string): unknown {
    const records = this.#found("/v1/logs", "logRecords");
    return records.find(({ body }) => JSON.stringify(body).includes(event))?.["severityText"];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.shutdown();
  }

  #found(path: string, kind: "spans" | "logRecords"): Record<string, unknown>[] {
    const found: Record<string, unknown>[] = [];
    const look = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      for (const [name, part] of Object.entries(value)) {
        if (name === kind) found.push(...part as Record<string, unknown>[]);
        else look(part);
      }
    };
    for (const body of this.bodies[path]!) look(JSON.parse(body));
    return found;
  }
}

function attributesOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

Deno.test("with OTEL_DENO requests are spans, lines of the log are logs, and neither holds a secret", async () => {
  await using folder = await temporaryFolder();
  await using collector = new Collector();
  const { env, args } = startTask();
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args, "--port", "0", "--data", folder.path, "--bcrypt-cost", "4", "--log-level", "debug"],
    cwd: ROOT,
    env: {
      ...env,
      NO_COLOR: "1",
      OTEL_DENO: "true",
      OTEL_SERVICE_NAME: "rookery",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_METRIC_EXPORT_INTERVAL: "200",
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  let stdout = "";
  const reading = (async () => {
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) stdout += text;
  })();
  await until("it listens", () => stdout.includes("In a terminal:"));
  const link = new URL(/^ {2}(http:\S+)$/m.exec(stdout)![1]!);
  const url = link.origin;

  const inviteCode = link.hash.slice("#invite=".length);
  const password = "canary-password-81c2";
  const owner = await register(url, { name: "olga", password, inviteCode });
  const { token } = await login(url, { name: "olga", password });
  const text = "canary-message-77aa";
  const channel = (await request(url, ["listChannels", {}], { token })).channels[0]!;
  await request(url, ["sendMessage", { channelId: channel.id, text }], { token });
  const wire = await WireSocket.open(`${url.replace("http", "ws")}/api/v1/socket`, { token, json: true });
  await wire.close();
  await until("a metric has come", () => collector.bodies["/v1/metrics"]!.length > 0);
  child.kill("SIGTERM");
  const { code } = await child.status;
  await reading;
  equal(code, 0, await stderr);

  const spans = collector.spans();
  const paths = spans.map((span) => span["url.path"]);
  for (const path of ["/api/v1/Register", "/api/v1/Login", "/api/v1/SendMessage", "/api/v1/socket"]) {
    ok(paths.includes(path), `${path} is among ${JSON.stringify(paths)}`);
  }
  const login_ = spans.find((span) => span["url.path"] === "/api/v1/Login")!;
  equal(login_["http.request.method"], "POST");
  equal(String(login_["http.response.status_code"]), "200");
  const events = collector.logs().filter((line) => line.startsWith("{")).map((line) =>
    JSON.parse(line).event
  );
  for (const event of ["listening", "request", "connection_closed", "stopped"]) {
    ok(events.includes(event), event);
  }
  equal(collector.severityOf("listening"), "INFO");
  equal(collector.severityOf("connection_opened"), "DEBUG");
  // The lines stand where they would stand without it, or beside the announcement.
  match(stdout, /"event":"stopped"/);
  const secrets = { inviteCode, password, ownerToken: owner.token, token, text };
  const seen = Object.entries(secrets).filter(([, secret]) => collector.all.includes(secret));
  deepEqual(seen.map(([what]) => what), []);
});
