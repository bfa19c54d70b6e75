import assert from "node:assert/strict";
import { DEFAULT_LIMITS } from "../src/chat/limits.ts";
import { Registration } from "../src/chat/model.ts";
import { type Config, ConfigError, helpText, loadConfig, publicUrl } from "../src/config.ts";
import { envName, OPTIONS } from "../src/config/options.ts";

interface World {
  args?: string[];
  env?: Record<string, string>;
  files?: Record<string, unknown>;
}

function load({ args = [], env = {}, files = {} }: World): Config {
  return loadConfig({
    args,
    env: (name) => env[name],
    readFile(path) {
      const file = files[path];
      if (file === undefined) throw new Error("No such file");
      return typeof file === "string" ? file : JSON.stringify(file);
    },
  });
}

function refuses(world: World, message: RegExp | string): void {
  assert.throws(() => load(world), (error) => {
    assert.ok(error instanceof ConfigError, String(error));
    assert.ok(!error.message.includes("\n"), "one line");
    if (typeof message === "string") assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  });
}

Deno.test("nothing said means the defaults, frozen", () => {
  const config = load({});
  assert.equal(config.host, "127.0.0.1");
  assert.equal(config.port, 8080);
  assert.equal(config.data, "./data");
  assert.equal(config.name, "Rookery");
  assert.equal(config.registration, Registration.INVITE);
  assert.deepEqual(config.origins, []);
  assert.deepEqual(config.trustedProxies, []);
  assert.equal(config.bcryptCost, 12);
  assert.equal(config.url, undefined);
  assert.equal(config.logLevel, "info");
  assert.equal(config.logFormat, "auto");
  assert.equal(config.logRequests, "debug");
  assert.equal(config.metricsPort, undefined);
  assert.equal(config.metricsHost, "127.0.0.1");
  assert.deepEqual(config.limits, DEFAULT_LIMITS);
  for (const part of [config, config.origins, config.limits]) assert.ok(Object.isFrozen(part));
});

Deno.test("flags before environment before file before defaults", () => {
  const files = { "r.json": { port: 1, name: "file", host: "::1" } };
  const env = { ROOKERY_CONFIG: "r.json", ROOKERY_PORT: "2", ROOKERY_NAME: "env" };
  const config = load({ args: ["--port=3"], env, files });
  assert.equal(config.port, 3);
  assert.equal(config.name, "env");
  assert.equal(config.host, "::1");
  assert.equal(config.data, "./data");
});

Deno.test("the flag for the file wins over the environment's", () => {
  const files = { "a.json": { port: 1 }, "b.json": { port: 2 } };
  assert.equal(load({ args: ["--config", "b.json"], env: { ROOKERY_CONFIG: "a.json" }, files }).port, 2);
});

Deno.test("an empty variable is not set", () => {
  assert.equal(load({ env: { ROOKERY_PORT: "", ROOKERY_CONFIG: "" } }).port, 8080);
});

Deno.test("every option can be given in all three places", () => {
  const samples: Record<string, [text: string, json: unknown, value: unknown]> = {
    host: ["0.0.0.0", "0.0.0.0", "0.0.0.0"],
    port: ["0", 0, 0],
    data: ["/var/lib/rookery", "/var/lib/rookery", "/var/lib/rookery"],
    name: [" The Nest ", "The Nest", "The Nest"],
    registration: ["open", "open", Registration.OPEN],
    origins: ["https://a.example,http://b.example:81/", ["https://A.example", "http://b.example:81"], [
      "https://a.example",
      "http://b.example:81",
    ]],
    "trusted-proxies": ["10.0.0.1, ::FFFF", ["10.0.0.1", "::ffff"], ["10.0.0.1", "::ffff"]],
    "bcrypt-cost": ["4", 4, 4],
    url: ["https://chat.example.com/", "https://chat.example.com", "https://chat.example.com"],
    "log-level": ["debug", "debug", "debug"],
    "log-format": ["json", "json", "json"],
    "log-requests": ["info", "info", "info"],
    "metrics-port": ["0", 0, 0],
    "metrics-host": ["::1", "::1", "::1"],
  };
  assert.deepEqual(Object.keys(samples), OPTIONS.map((option) => option.name));
  for (const option of OPTIONS) {
    const [text, json, value] = samples[option.name]!;
    assert.deepEqual(load({ args: [`--${option.name}`, text] })[option.key], value);
    assert.deepEqual(load({ env: { [envName(option)]: text } })[option.key], value);
    const files = { f: { [option.name]: json } };
    assert.deepEqual(load({ args: ["--config=f"], files })[option.key], value);
  }
});

Deno.test("what is unknown is an error that knows better", () => {
  refuses({ args: ["--prot", "1"] }, 'Unknown flag --prot; did you mean "port"?');
  refuses({ args: ["--frobnicate"] }, "Unknown flag --frobnicate");
  refuses({ args: ["-p", "1"] }, /^Unknown flag -p/);
  refuses({ args: ["8080"] }, 'Unexpected argument "8080"');
  refuses({ args: ["--", "x"] }, 'Unexpected argument "x"');
  const args = ["--config", "f"];
  refuses({ args, files: { f: { hots: "::" } } }, 'Unknown key "hots" in f; did you mean "host"?');
  refuses({ args, files: { f: { logLevel: "info" } } }, /Unknown key "logLevel".*"log-level"/);
  refuses({ args, files: { f: { config: "g" } } }, /Unknown key "config"/);
});

Deno.test("a flag without its value is an error", () => {
  refuses({ args: ["--port"] }, "--port needs a value");
  refuses({ args: ["--port", "--host", "::1"] }, "--port needs a value");
});

Deno.test("values out of range are errors that say what is allowed", () => {
  const whole = "must be a whole number from 0 to 65535";
  refuses({ args: ["--port", "70000"] }, `--port ${whole}, not "70000"`);
  for (const port of ["-1", "8e3", "0x50", "80.5", "", " ", "٣"]) {
    refuses({ args: [`--port=${port}`] }, /whole number/);
  }
  refuses({ env: { ROOKERY_PORT: "web" } }, `ROOKERY_PORT ${whole}, not "web"`);
  refuses({ args: ["--config=f"], files: { f: { port: "80" } } }, `"port" in f ${whole}, not "80"`);
  refuses({ args: ["--registration", "toString"] }, /must be invite, open or closed/);
  refuses({ args: ["--bcrypt-cost", "31"] }, /from 4 to 20/);
  refuses({ args: ["--trusted-proxies", "localhost"] }, /IP addresses/);
  refuses({ args: ["--config=f"], files: { f: { origins: [1] } } }, /must be origins/);
  refuses({ args: ["--name", "a\nb"] }, /without control characters/);
  refuses({ args: ["--data="] }, /1–4096/);
  refuses({ args: ["--config=f"], files: { f: { port: 80.5 } } }, /, not 80.5$/);
});

Deno.test("an origin has no path, and only the web's schemes", () => {
  for (const text of ["https://a.example/chat", "ftp://a.example", "a.example", "https://u@a.example", "*"]) {
    refuses({ args: ["--origins", text] }, /must be origins/);
    refuses({ args: ["--url", text] }, /without a path/);
  }
});

Deno.test("a file that cannot be used is an error with its name", () => {
  refuses({ args: ["--config", "gone"] }, "Cannot read gone: No such file");
  refuses({ args: ["--config", "f"], files: { f: "{ port: 1 }" } }, /^Cannot read f: /);
  for (const f of ["[]", "null", "3"]) {
    refuses({ args: ["--config", "f"], files: { f } }, /one JSON object/);
  }
});

Deno.test("limits are taken from the file and checked", () => {
  const given = (limits: unknown): World => ({ args: ["--config=f"], files: { f: { limits } } });
  const { limits } = load(given({ messageBytes: 1000, idleMs: 60_000 }));
  assert.deepEqual(limits, { ...DEFAULT_LIMITS, messageBytes: 1000, idleMs: 60_000 });
  refuses(given({ messageByte: 1 }), /Unknown limit "messageByte" in f; did you mean "messageBytes"/);
  refuses(given({ toString: 1 }), /Unknown limit "toString"/);
  for (const bad of [0, -1, 1.5, "1", null, true]) {
    refuses(given({ pageItems: bad }), /positive whole number/);
  }
  for (const bad of [[], null, "big"]) refuses(given(bad), /must be an object/);
  refuses(given({ messageBytes: 100_000 }), /"messageBytes" \(100000\) in f must not be over "frameBytes"/);
  refuses(given({ passwordBytesMax: 100 }), /bcrypt/);
});

Deno.test("links lead to the configured address, else to the listener", () => {
  assert.equal(publicUrl({ url: "https://c.example", host: "::" }, 1), "https://c.example");
  assert.equal(publicUrl({ url: undefined, host: "127.0.0.1" }, 8080), "http://127.0.0.1:8080");
  assert.equal(publicUrl({ url: undefined, host: "::1" }, 80), "http://[::1]:80");
  assert.equal(publicUrl({ url: undefined, host: "0.0.0.0" }, 80), "http://localhost:80");
});

Deno.test("the help names every flag, default and variable", () => {
  const help = helpText();
  for (const option of [...OPTIONS, { name: "config" }]) {
    assert.ok(help.includes(`--${option.name} `));
    assert.ok(help.includes(`[${envName(option)}]`));
  }
  assert.match(help, /default 8080/);
  assert.ok(!help.includes("undefined"));
});

Deno.test("the permission set of the server names every variable, and no other", () => {
  const file = JSON.parse(Deno.readTextFileSync(new URL("../deno.json", import.meta.url)));
  const names = [...OPTIONS, { name: "config" }].map(envName);
  for (const name of names) assert.ok(file.permissions.server.env.includes(name), name);
  for (const name of file.permissions.server.env) assert.match(name, /^ROOKERY_/);
});
