import { deepEqual, equal } from "node:assert/strict";
import { envFileName, envName, OPTIONS } from "../../src/config/options.ts";
import { strayVariables } from "../../src/config/variables.ts";

function stray(...names: string[]): string[] {
  return strayVariables((name) => names.includes(name) ? "set" : undefined);
}

Deno.test("a variable that looks like a setting and is none is named with the right one", () => {
  const meant = {
    ROOKERY_TRUSTED_PROXY: "ROOKERY_TRUSTED_PROXIES",
    ROOKERY_ORIGIN: "ROOKERY_ORIGINS",
    ROOKERY_PROT: "ROOKERY_PORT",
    ROOKERY_HOSTT: "ROOKERY_HOST",
    ROOKERY_LOGLEVEL: "ROOKERY_LOG_LEVEL",
    ROOKERY_LIMIT: "ROOKERY_LIMITS",
    ROOKERY_DATA_DIR: "ROOKERY_DATA",
    ROOKERY_BASE_URL: "ROOKERY_URL",
    ROOKERY_port: "ROOKERY_PORT",
  };
  for (const [name, right] of Object.entries(meant)) {
    deepEqual(stray(name), [`${name} is no variable of Rookery; did you mean ${right}?`]);
  }
});

Deno.test("settings, their files, and variables of the command line are not taken for mistakes", () => {
  const right = OPTIONS.flatMap((option) => [envName(option), envFileName(option)]);
  deepEqual(stray(...right, "ROOKERY_TOKEN", "ROOKERY_TOKEN_FILE", "ROOKERY_HOME", "ROOKERY_CHROMIUM"), []);
});

Deno.test("the names that are asked for are few enough for every start", () => {
  let asked = 0;
  strayVariables(() => void asked++);
  equal(asked > 500 && asked < 2000, true, String(asked));
});
