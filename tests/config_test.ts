import assert from "node:assert/strict";
import { DEFAULT_LIMITS, LIMIT_NAMES } from "../src/chat/limits.ts";
import { Registration } from "../src/chat/model.ts";
import {
  type Config,
  ConfigError,
  helpText,
  loadConfig,
  localUrl,
  publicUrl,
  readConfig,
} from "../src/config.ts";
import type { ConfigSources } from "../src/config.ts";
import { defaultFile } from "../src/config/help.ts";
import { newKey } from "../src/client/keys.ts";
import { CONFIG_OPTION, envFileName, envName, LIMITS_OPTION, OPTIONS } from "../src/config/options.ts";

interface World {
  args?: string[];
  env?: Record<string, string>;
  files?: Record<string, unknown>;
}

function sourcesOf({ args = [], env = {}, files = {} }: World): ConfigSources {
  return {
    args,
    env: (name) => env[name],
    readFile(path) {
      const file = files[path];
      if (file === undefined) throw new Error("No such file");
      return typeof file === "string" ? file : JSON.stringify(file);
    },
  };
}

function load(world: World): Config {
  return loadConfig(sourcesOf(world));
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
  assert.equal(config.name, undefined, "an owner names the server");
  assert.equal(config.registration, Registration.INVITE);
  assert.deepEqual(config.origins, []);
  assert.deepEqual(config.trustedProxies, []);
  assert.equal(config.bcryptCost, 12);
  assert.equal(config.url, undefined);
  assert.equal(config.tlsCert, undefined);
  assert.equal(config.tlsKey, undefined);
  assert.equal(config.hstsDays, 0);
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

Deno.test("every option can be given in all places", () => {
  const samples: Record<string, [text: string, json: unknown, value: unknown]> = {
    host: ["0.0.0.0", "0.0.0.0", "0.0.0.0"],
    port: ["0", 0, 0],
    "tls-cert": ["cert.pem", "cert.pem", "cert.pem"],
    "tls-key": ["key.pem", "key.pem", "key.pem"],
    "hsts-days": ["365", 365, 365],
    data: ["/var/lib/rookery", "/var/lib/rookery", "/var/lib/rookery"],
    name: [" The Nest ", "The Nest", "The Nest"],
    registration: ["open", "open", Registration.OPEN],
    origins: ["https://a.example,http://b.example:81/", ["https://A.example", "http://b.example:81"], [
      "https://a.example",
      "http://b.example:81",
    ]],
    hosts: ["Chat.Local, nest,::1", ["chat.local", "NEST", "::1"], ["chat.local", "nest", "::1"]],
    "trusted-proxies": ["10.0.0.1, ::FFFF,10.1.2.3/8", ["::ffff:10.0.0.1", "::ffff", "10.0.0.0/8"], [
      "10.0.0.1",
      "::ffff",
      "10.0.0.0/8",
    ]],
    "bcrypt-cost": ["4", 4, 4],
    url: ["https://chat.example.com/", "https://chat.example.com", "https://chat.example.com"],
    "log-level": ["debug", "debug", "debug"],
    "log-format": ["json", "json", "json"],
    "log-requests": ["info", "info", "info"],
    "metrics-port": ["0", 0, 0],
    "metrics-host": ["::1", "::1", "::1"],
    takeover: ["on", true, true],
  };
  assert.deepEqual(Object.keys(samples).sort(), OPTIONS.map((option) => option.name).sort());
  for (const option of OPTIONS) {
    const [text, json, value] = samples[option.name]!;
    // A certificate and its key only make sense together, which is another test's affair.
    const taken = (world: World) => readConfig(sourcesOf(world)).config[option.key];
    const args = option.kind.alone === undefined ? [`--${option.name}`, text] : [`--${option.name}=${text}`];
    assert.deepEqual(taken({ args }), value);
    assert.deepEqual(taken({ env: { [envName(option)]: text } }), value);
    const files = { f: { [option.name]: json }, s: `${text}\n` };
    assert.deepEqual(taken({ args: ["--config=f"], files }), value);
    const byFile = { env: { [envFileName(option)]: "s" }, files };
    if (!option.isPath) assert.deepEqual(taken(byFile), value);
    else refuses(byFile, `${envFileName(option)} is not a variable: ${envName(option)} is a path itself`);
  }
});

Deno.test("what is unknown is an error that knows better", () => {
  refuses({ args: ["--prot", "1"] }, 'Unknown flag --prot; did you mean "port"?');
  refuses({ args: ["--frobnicate"] }, "Unknown flag --frobnicate");
  refuses({ args: ["-p", "1"] }, /^Unknown flag -p/);
  refuses({ args: ["8080"] }, 'Unexpected argument "8080"');
  refuses({ args: ["--", "x"] }, 'Unexpected argument "x"');
  const args = ["--config", "f"];
  refuses({ args, files: { f: { hots: "::" } } }, 'Unknown key "hots" in f; did you mean "hosts"?');
  refuses({ args, files: { f: { logLevel: "info" } } }, /Unknown key "logLevel".*"log-level"/);
  refuses({ args, files: { f: { config: "g" } } }, /Unknown key "config"/);
});

Deno.test("a switch needs no value, and takes none that is a word of its own", () => {
  assert.deepEqual([load({}), load({ args: ["--takeover"] })].map(({ takeover }) => takeover), [false, true]);
  const config = load({ args: ["--takeover=off", "--port", "1"], env: { ROOKERY_TAKEOVER: "on" } });
  assert.deepEqual([config.takeover, config.port], [false, 1]);
  assert.equal(load({ args: ["--takeover", "--port", "1"] }).port, 1);
  refuses({ args: ["--takeover", "off"] }, 'Unexpected argument "off"');
  refuses({ args: ["--takeover=yes"] }, '--takeover must be on or off, not "yes"');
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
  for (const bad of ["chat.local:8080", "http://chat.local", "a..b", "*.local", "a b"]) {
    refuses({ args: ["--hosts", bad] }, /host names or addresses without a port/);
  }
  for (const bad of ["localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.1:80", "0x7f.1", "::1/129", "/8"]) {
    refuses({ args: ["--trusted-proxies", bad] }, /IP addresses and networks like 10\.0\.0\.0\/8/);
  }
  refuses({ args: ["--config=f"], files: { f: { origins: [1] } } }, /must be origins/);
  refuses({ args: ["--name", "a\nb"] }, /without control characters/);
  refuses({ args: ["--data="] }, /1–4096/);
  refuses({ args: ["--config=f"], files: { f: { port: 80.5 } } }, /, not 80.5$/);
});

Deno.test("an origin has no path, and only the web's schemes", () => {
  for (const text of ["ftp://a.example", "a.example", "https://u@a.example", "https://a.example/?b", "*"]) {
    refuses({ args: ["--origins", text] }, /must be origins/);
    refuses({ args: ["--url", text] }, /must be an address like/);
  }
  refuses({ args: ["--origins", "https://a.example/chat"] }, /must be origins/);
});

Deno.test("the public address may have a path, for a proxy that takes it away", () => {
  for (const text of ["https://a.example/chat", "https://A.example/chat/"]) {
    assert.equal(load({ args: ["--url", text] }).url, "https://a.example/chat");
  }
});

Deno.test("O4 a variable may name a file with the value, but not besides the value", () => {
  const files = { "/run/secrets/name": "The Nest\r\n", empty: "\n" };
  assert.equal(load({ env: { ROOKERY_NAME_FILE: "/run/secrets/name" }, files }).name, "The Nest");
  refuses({ env: { ROOKERY_NAME_FILE: "gone" }, files }, "Cannot read gone: No such file");
  refuses(
    { env: { ROOKERY_NAME_FILE: "/run/secrets/name", ROOKERY_NAME: "x" }, files },
    "ROOKERY_NAME and ROOKERY_NAME_FILE are both set: choose one",
  );
  refuses({ env: { ROOKERY_NAME_FILE: "empty" }, files }, /^ROOKERY_NAME_FILE \(empty\) must be 1–64/);
  refuses({ env: { ROOKERY_CONFIG_FILE: "f" }, files }, /^ROOKERY_CONFIG_FILE is not a variable/);
});

Deno.test("O4 everything that is wrong is told at once", () => {
  const world: World = {
    args: ["--config=f", "--frobnicate", "--port", "x", "--tls-key", "k"],
    env: { ROOKERY_REGISTRATION: "all", ROOKERY_LIMITS: "pageItems=0" },
    files: { f: { hots: 1, url: 3, limits: { bogus: 1 } } },
  };
  const { badArguments, problems, config } = readConfig(sourcesOf(world));
  assert.deepEqual(badArguments, ["Unknown flag --frobnicate"]);
  assert.deepEqual(problems, [
    'Unknown key "hots" in f; did you mean "hosts"?',
    '--port must be a whole number from 0 to 65535, not "x"',
    '"url" in f must be an address like https://chat.example.com or https://example.com/chat, not 3',
    'ROOKERY_REGISTRATION must be invite, open or closed, not "all"',
    'Unknown limit "bogus" in f',
    'Limit "pageItems" (ROOKERY_LIMITS) must be a positive whole number, not 0',
    "tls-key needs tls-cert: a certificate and its key belong together",
  ]);
  assert.equal(config.port, 8080, "the default stands in");
  assert.throws(() => load(world), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.deepEqual(error.problems, [...badArguments, ...problems]);
    return true;
  });
});

Deno.test("a port for two purposes is refused", () => {
  const both = ["--port", "9000", "--metrics-port", "9000"];
  refuses({ args: both }, /^port and metrics-port are both 9000/);
  refuses({ args: [...both, "--host", "192.0.2.1", "--metrics-host", "::"] }, /both 9000/);
  load({ args: [...both, "--host", "192.0.2.1"] });
  load({ args: ["--port", "0", "--metrics-port", "0"] });
});

Deno.test("the file may have comments, and a comma behind the last item", () => {
  const f = `// "port": 1
  {
    "port": 2, /* not
    "port": 3, */
    "name": "// \\" /* no, comment */", // but this is
    "origins": ["https://a.example", ],
  }`;
  const config = load({ args: ["--config=f"], files: { f } });
  assert.equal(config.port, 2);
  assert.equal(config.name, '// " /* no, comment */');
  assert.deepEqual(config.origins, ["https://a.example"]);
  refuses({ args: ["--config=f"], files: { f: '{ "port": 1,, }' } }, /^Cannot read f: /);
});

Deno.test("the printed file is a file of settings, with its comments and without", () => {
  assert.deepEqual(load({ args: ["--config=f"], files: { f: defaultFile() } }), load({}));
  const f = defaultFile().replaceAll(/^( *)\/\/ (?=")/gm, "$1");
  const { config, problems, origins, limitOrigins } = readConfig(
    sourcesOf({ args: ["--config=f"], files: { f } }),
  );
  assert.deepEqual(problems, []);
  for (const option of OPTIONS) {
    assert.equal(origins.get(option.key)?.where, "f", option.name);
    if (option.example === undefined) assert.deepEqual(config[option.key], option.fallback);
    else assert.equal(config[option.key], option.example);
  }
  assert.deepEqual([...limitOrigins.keys()], LIMIT_NAMES);
  assert.deepEqual(config.limits, DEFAULT_LIMITS);
});

Deno.test("each value tells where it comes from", () => {
  const world: World = {
    args: ["--config=f", "--port=1", "--limits=pageItems=50"],
    env: {
      ROOKERY_NAME_FILE: "s",
      ROOKERY_LOG_LEVEL: "warn",
      ROOKERY_LIMITS: "pageItems=60, idleMs = 60000",
    },
    files: { f: { port: 2, host: "::1", limits: { pageItems: 70, messageBytes: 1000 } }, s: "x" },
  };
  const { config, origins, limitOrigins, files } = readConfig(sourcesOf(world));
  const told = (["port", "name", "logLevel", "host", "url"] as const).map((key) => origins.get(key));
  assert.deepEqual(told, [
    { kind: "flag", where: "--port" },
    { kind: "environment", where: "ROOKERY_NAME_FILE (s)" },
    { kind: "environment", where: "ROOKERY_LOG_LEVEL" },
    { kind: "file", where: "f" },
    { kind: "default", where: "default" },
  ]);
  assert.deepEqual([...files].sort(), ["f", "s"]);
  assert.deepEqual(config.limits, { ...DEFAULT_LIMITS, pageItems: 50, idleMs: 60_000, messageBytes: 1000 });
  const limits = ["pageItems", "idleMs", "messageBytes", "bodyMs"] as const;
  assert.deepEqual(limits.map((name) => limitOrigins.get(name)?.where), [
    "--limits",
    "ROOKERY_LIMITS",
    "f",
    undefined,
  ]);
});

Deno.test("a file that cannot be used is an error with its name", () => {
  refuses({ args: ["--config", "gone"] }, "Cannot read gone: No such file");
  refuses({ args: ["--config", "f"], files: { f: "{ port: 1 }" } }, /^Cannot read f: /);
  for (const f of ["[]", "null", "3"]) {
    refuses({ args: ["--config", "f"], files: { f } }, /one JSON object/);
  }
});

Deno.test("a mark of the encoding in front is no part of the file, and another encoding is called so", () => {
  assert.equal(load({ args: ["--config", "f"], files: { f: '\ufeff{ "port": 81 }' } }).port, 81);
  refuses(
    { args: ["--config", "f"], files: { f: "\ufffd\ufffd{\0 \0}\0" } },
    "Cannot read f: it is not UTF-8, but probably UTF-16; save it as UTF-8",
  );
});

Deno.test("a key that stands twice is refused, at every depth", () => {
  const twice = (f: string, key: string) =>
    refuses({ args: ["--config=f"], files: { f } }, `Key "${key}" stands twice in f: leave one of them`);
  twice('{ "port": 1, "name": "a", "port": 2 }', "port");
  twice('{ "port" : 1, "p\\u006frt": 2 }', "port");
  twice('{ "limits": { "pageItems": 1, /* again */ "pageItems": 2, } }', "pageItems");
  const once = '{ "name": "port", /* "port": 1 */ "port": 2, "origins": [], "limits": { "pageItems": 5 } }';
  assert.equal(load({ args: ["--config=f"], files: { f: once } }).port, 2);
});

Deno.test("an IPv6 address to listen on may stand in brackets; a port does not belong to it", () => {
  assert.equal(load({ args: ["--host", "[::1]"] }).host, "::1");
  assert.equal(load({ args: ["--host", "::"] }).host, "::");
  assert.equal(load({ args: ["--host", "chat.example.com"] }).host, "chat.example.com");
  assert.equal(load({ args: ["--url", "http://[::1]:8080"] }).url, "http://[::1]:8080");
  for (const host of ["127.0.0.1:8080", "[::1]:8080", "[127.0.0.1]", "http://localhost", "[]", "a b"]) {
    refuses({ args: ["--host", host] }, /^--host must be an address or a host name without a port/);
  }
});

Deno.test("a variable with nearly a setting's name is refused", () => {
  refuses(
    { env: { ROOKERY_TRUSTED_PROXY: "10.0.0.1" } },
    "ROOKERY_TRUSTED_PROXY is no variable of Rookery; did you mean ROOKERY_TRUSTED_PROXIES?",
  );
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
  refuses(given({ messageBytes: 100_000 }), /"messageBytes" \(100000\) must not be over "frameBytes"/);
  refuses(given({ passwordBytesMax: 100 }), /bcrypt/);
  // Beyond that a timer fires at once, and what clients are told of limits cannot be written.
  for (const name of LIMIT_NAMES) {
    refuses(given({ [name]: 2 ** 53 - 1 }), /must not be over \d+, and is 9007199254740991/);
  }
  refuses(given({ bodyMs: 2 ** 31 }), 'Limit "bodyMs" in f must not be over 2147483647, and is 2147483648');
  const room = 256 * 1024 * 1024;
  assert.equal(load(given({ diskRoomBytes: room })).limits.diskRoomBytes, room);
  refuses(
    given({ diskRoomBytes: room + 1 }),
    'Limit "diskRoomBytes" in f must not be over 268435456, and is 268435457: ' +
      "that much is written at every look where the system does not tell",
  );
  refuses(given({ diskCheckMs: 999 }), /"diskCheckMs" in f must not be under 1000, and is 999/);
  refuses(given({ keyBytes: newKey(0).length - 1 }), /"keyBytes" in f must not be under 22/);
  const flag = (text: string): World => ({ args: ["--limits", text] });
  assert.equal(load(flag("pageItems=50,")).limits.pageItems, 50);
  refuses(flag("pageItem=50"), 'Unknown limit "pageItem" (--limits); did you mean "pageItems"?');
  for (const bad of ["pageItems", "pageItems=", "pageItems=-1", "pageItems=1e3", "pageItems=1=2"]) {
    refuses(flag(bad), /"pageItems" \(--limits\) must be a positive whole number/);
  }
});

Deno.test("links lead to the configured address, else to the listener", () => {
  const plain = { url: undefined, tlsCert: undefined };
  assert.equal(publicUrl({ ...plain, url: "https://c.example", host: "::" }, 1), "https://c.example");
  assert.equal(publicUrl({ ...plain, host: "127.0.0.1" }, 8080), "http://127.0.0.1:8080");
  assert.equal(publicUrl({ ...plain, host: "::1" }, 80), "http://[::1]:80");
  assert.equal(publicUrl({ ...plain, host: "0.0.0.0" }, 80), "http://localhost:80");
  assert.equal(publicUrl({ ...plain, host: "0.0.0.0", tlsCert: "c" }, 80), "https://localhost:80");
  assert.equal(localUrl("0.0.0.0", 80), "http://127.0.0.1:80");
  assert.equal(localUrl("::", 80), "http://[::1]:80");
});

Deno.test("the help names every flag, default and variable", () => {
  const help = helpText();
  for (const option of [...OPTIONS, LIMITS_OPTION, CONFIG_OPTION]) {
    assert.ok(help.includes(`--${option.name} `));
    assert.ok(help.includes(`[${envName(option)}]`));
  }
  assert.match(help, /default 8080/);
  assert.ok(!help.includes("undefined"));
});

Deno.test("the permission sets have our variables, and the server's no other", () => {
  const file = JSON.parse(Deno.readTextFileSync(new URL("../deno.json", import.meta.url)));
  assert.deepEqual(file.permissions.server.env, ["ROOKERY_*"]);
  assert.ok(file.permissions.cli.env.includes("ROOKERY_*"));
});
