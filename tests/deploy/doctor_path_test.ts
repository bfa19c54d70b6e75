/** `rookery doctor --url`: the way through a proxy, whole and broken. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { register } from "../../src/client/mod.ts";
import { Place as Program } from "../cli/program.ts";
import { type Diagnosis, type DoctorOptions, runDoctor } from "./doctor.ts";
import { hasIpv6, Proxy, type ProxyName } from "./proxy.ts";
import { programTest } from "./programs.ts";

const NEEDED = ["nginx", "openssl"];

/** A server as a program, a proxy in front of it, and somebody with a session. */
class Way implements AsyncDisposable {
  readonly program: Program;
  readonly proxy: Proxy;
  readonly token: string;

  private constructor(program: Program, proxy: Proxy, token: string) {
    this.program = program;
    this.proxy = proxy;
    this.token = token;
  }

  static async open(
    name: ProxyName,
    change: (text: string, metricsPort: string) => string,
    certificateDays = 30,
  ): Promise<Way> {
    const program = new Program();
    try {
      const server = await program.serve([
        ...["--trusted-proxies", "127.0.0.1", "--registration", "open", "--metrics-port", "0"],
      ]);
      const [, metricsPort] = await server.program.output(/Metrics: \S+:(\d+)\/metrics/);
      const port = Number(new URL(server.url).port);
      const proxy = await Proxy.start(name, {
        port,
        certificateDays,
        change: (text) => change(text, metricsPort!),
      });
      const { token } = await register(server.url, { name: "ada", password: "correct horse" });
      return new Way(program, proxy, token);
    } catch (error) {
      await program[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Examines it from an address of one's own. */
  examine(idleS: number, options: DoctorOptions = {}): Promise<Diagnosis> {
    const host = hasIpv6() ? "[::1]" : "127.0.0.1";
    const url = `https://${host}:${this.proxy.ports.tls}`;
    const env = { DENO_CERT: this.proxy.certificate.certPath, ROOKERY_TOKEN: this.token, ...options.env };
    return runDoctor(this.program.data, ["--idle", String(idleS), "--url", url], { ...options, env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy[Symbol.asyncDispose]();
    await this.program[Symbol.asyncDispose]();
  }
}

for (const name of ["nginx", "caddy"] as const) {
  programTest(
    `doctor finds nothing to complain about with ${name} as it is shipped`,
    [name, "openssl"],
    async () => {
      await using way = await Way.open(name, (text) => text);
      const { problems, findings, of } = await way.examine(3);
      const bad = findings.filter(({ state, check }) => state === "warning" && !MACHINE.includes(check));
      deepEqual(bad, []);
      deepEqual(problems, []);
      for (
        const check of [
          "address",
          "page",
          "API",
          "clock there",
          "ready",
          "socket proto",
          "socket json",
          "visitors",
        ]
      ) {
        equal(of(check).state, "ok", check);
      }
      if (hasIpv6()) match(of("visitors").found, /^Each visitor counts as one/);
      match(of("socket proto").found, /without compression/);
      match(of("idle socket").found, /silent for 3 s stays open; clients may be silent for 30 s/);
      match(of("address").found, /valid for (29|30) more days$/);
    },
  );
}

/** What is this machine's own affair. */
const MACHINE = ["file system", "disk", "room", "open files", "memory"];

interface Broken {
  readonly what: string;
  readonly change: (text: string, metricsPort: string) => string;
  readonly check: string;
  readonly state?: string;
  readonly found: RegExp;
}

const BROKEN: readonly Broken[] = [
  {
    what: "does not pass the upgrade on",
    change: (text) => text.replace(/.*proxy_set_header (Upgrade|Connection).*\n/g, ""),
    check: "socket proto",
    found: /does not pass the upgrade on/,
  },
  {
    what: "believes whatever X-Forwarded-For a client sends",
    change: (text) => text.replace("X-Forwarded-For $remote_addr", "X-Forwarded-For $http_x_forwarded_for"),
    check: "visitors",
    found: /passes as another/,
  },
  {
    what: "cuts silent sockets soon",
    change: (text) => text.replace("proxy_read_timeout 120s", "proxy_read_timeout 2s"),
    check: "idle socket",
    found: /cuts a silent socket after \d/,
  },
  {
    what: "says that it compresses sockets",
    change: (text) =>
      text.replace(
        "add_header Strict",
        "add_header Sec-WebSocket-Extensions permessage-deflate always;\n\tadd_header Strict",
      ),
    check: "socket json",
    state: "warning",
    found: /compresses WebSockets/,
  },
  {
    what: "shows the metrics to everybody",
    change: (text, port) => text.replace("return 404;", `proxy_pass http://127.0.0.1:${port};`),
    check: "metrics",
    found: /can be read by everybody/,
  },
  {
    what: "has another page at the address",
    change: (text) =>
      text.replace(
        "location / {\n\t\tproxy_pass",
        'location = / { default_type text/html; return 200 "It works!"; }\n\tlocation / {\n\t\tproxy_pass',
      ),
    check: "page",
    found: /not Rookery's/,
  },
  {
    what: "forgets Strict-Transport-Security",
    change: (text) => text.replace(/.*add_header Strict.*\n/, ""),
    check: "headers",
    state: "warning",
    found: /Strict-Transport-Security is missing/,
  },
];

for (const { what, change, check, state = "problem", found } of BROKEN) {
  programTest(`doctor notices a proxy that ${what}`, NEEDED, async () => {
    await using way = await Way.open("nginx", (text, port) => {
      const changed = change(text, port);
      ok(changed !== text, "the shipped file was changed");
      return changed;
    });
    const { code, problems, of } = await way.examine(check === "idle socket" ? 30 : 0);
    equal(of(check).state, state);
    match(of(check).found, found);
    if (state === "problem") equal(code, 1);
    else deepEqual(problems, []);
  });
}

programTest("doctor notices a proxy that tells nobody's address", NEEDED, async () => {
  if (!hasIpv6()) {
    return console.log("SKIPPED: without ::1 nobody comes from another address than the proxy's");
  }
  await using way = await Way.open(
    "nginx",
    (text) => text.replace("X-Forwarded-For $remote_addr", 'X-Forwarded-For ""'),
  );
  const { of } = await way.examine(0);
  equal(of("visitors").state, "problem");
  match(of("visitors").found, /count as one address, the proxy's/);
});

programTest("doctor notices a certificate that nobody trusts, and one that ends soon", NEEDED, async () => {
  await using way = await Way.open("nginx", (text) => text);
  const strange = await way.examine(0, { env: { DENO_CERT: undefined } });
  equal(strange.code, 1);
  match(strange.of("address").found, /UnknownIssuer|certificate/);
  match(strange.of("address").advice!, /browsers trust/);
  await using late = await Way.open("nginx", (text) => text, 3);
  const { problems, of } = await late.examine(0);
  deepEqual(problems, []);
  equal(of("address").state, "warning");
  match(of("address").found, /valid for [23] more days$/);
});

programTest("doctor without a session says what it could not try", NEEDED, async () => {
  await using way = await Way.open("nginx", (text) => text);
  const { of, problems } = await way.examine(0, { env: { ROOKERY_TOKEN: "" } });
  deepEqual(problems, []);
  equal(of("socket proto").state, "unknown");
  match(of("socket proto").found, /reaches Rookery/);
  equal(of("idle socket").state, "unknown");
});

Deno.test("doctor says why an address does not answer", async () => {
  const folder = await Deno.makeTempDir({ prefix: "rookery_doctor_" });
  await Deno.chmod(folder, 0o700);
  try {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const { code, of } = await runDoctor(folder, ["--url", `http://127.0.0.1:${port}`]);
    equal(code, 1);
    match(of("address").found, /does not answer: .*refused/i);
    match(of("address").advice!, /Nobody listens there/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
