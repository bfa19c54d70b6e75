/** Programs of Debian's that tests need; where one is missing, the test says that it is skipped. @module */

const FOLDERS = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/bin"];

/** Path of a program; undefined where it is not installed. */
export function programPath(name: string): string | undefined {
  return FOLDERS.map((folder) => `${folder}/${name}`).find(isFile);
}

/** A test that needs programs. The package of a program is `packages[program]`, or has its name. */
export function programTest(
  name: string,
  programs: readonly string[],
  run: (context: Deno.TestContext) => void | Promise<void>,
): void {
  const missing = programs.filter((program) => programPath(program) === undefined);
  const packages = missing.map((program) => PACKAGES[program] ?? program).join(" ");
  Deno.test({
    name: missing.length === 0
      ? name
      : `${name} (SKIPPED: no ${missing.join(", ")} here; apt-get install ${packages})`,
    ignore: missing.length > 0,
    fn: run,
  });
}

const PACKAGES: Readonly<Record<string, string>> = {
  nginx: "nginx-light",
  promtool: "prometheus",
  "systemd-analyze": "systemd",
};

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
