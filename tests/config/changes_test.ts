/** What a running server can follow, and what waits for a restart. */
import { deepEqual, equal } from "node:assert/strict";
import { DEFAULT_LIMITS, LIMIT_NAMES, LIMITS } from "../../src/chat/limits.ts";
import { Registration } from "../../src/chat/model.ts";
import { type Config, loadConfig } from "../../src/config.ts";
import { changesBetween } from "../../src/config/changes.ts";
import { OPTIONS, shownValue } from "../../src/config/options.ts";

function configOf(settings: Partial<Config> = {}): Config {
  const defaults = loadConfig({ args: [], env: () => undefined, readFile: () => "" });
  return { ...defaults, ...settings };
}

Deno.test("what is live is followed, the rest waits, and both are told", () => {
  const now = configOf();
  const wanted = configOf({
    port: 1,
    name: "The Nest",
    registration: Registration.OPEN,
    origins: ["https://a.example"],
    limits: { ...DEFAULT_LIMITS, pageItems: 50, turnFrames: 64 },
  });
  const { next, followed, waiting } = changesBetween(now, wanted);
  deepEqual(followed, [
    { setting: "name", from: "none", to: '"The Nest"' },
    { setting: "registration", from: '"invite"', to: '"open"' },
    { setting: "origins", from: "[]", to: '["https://a.example"]' },
    { setting: "limits.pageItems", from: "100", to: "50" },
  ]);
  deepEqual(waiting, [
    { setting: "port", from: "8080", to: "1" },
    { setting: "limits.turnFrames", from: "32", to: "64" },
  ]);
  const { limits, ...settings } = wanted;
  deepEqual(next, { ...settings, port: 8080, limits: { ...limits, turnFrames: 32 } });
});

Deno.test("the same settings differ in nothing", () => {
  const { next, followed, waiting } = changesBetween(configOf(), configOf({ origins: [] }));
  deepEqual([next, followed, waiting], [configOf(), [], []]);
});

Deno.test("every fixed limit waits", () => {
  const limits = Object.fromEntries(LIMIT_NAMES.map((name) => [name, DEFAULT_LIMITS[name] + 1]));
  const { next, waiting } = changesBetween(configOf(), configOf({ limits: limits as Config["limits"] }));
  for (const name of LIMIT_NAMES) {
    equal(next.limits[name], DEFAULT_LIMITS[name] + (LIMITS[name].fixed ? 0 : 1), name);
  }
  equal(waiting.length, LIMIT_NAMES.filter((name) => LIMITS[name].fixed).length);
});

Deno.test("another path of the certificate is followed, but no change between HTTP and HTTPS", () => {
  const plain = configOf();
  const one = configOf({ tlsCert: "a.crt", tlsKey: "a.key" });
  const other = configOf({ tlsCert: "b.crt", tlsKey: "b.key" });
  deepEqual(changesBetween(one, other).next, other);
  for (const [now, wanted] of [[plain, one], [one, plain]] as const) {
    const { next, followed, waiting } = changesBetween(now, wanted);
    deepEqual([next, followed], [now, []]);
    deepEqual(waiting.map(({ setting }) => setting), ["tls-cert", "tls-key"]);
  }
});

Deno.test("secrets are shown to nobody", () => {
  const row = OPTIONS.find((option) => option.key === "name")!;
  equal(shownValue(row, "x"), '"x"');
  equal(shownValue({ ...row, secret: true }, "x"), "[hidden]");
  equal(shownValue(row, undefined), "none");
});
