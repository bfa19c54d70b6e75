/** The versions of Node that the SDK is for. @module */

/** Majors with a WebSocket of their own. */
export const VERSIONS = [22, 24] as const;

/** The Node of a major version: NODE_22 and NODE_24 name them, otherwise the one on the path may be it. */
export function nodeOf(major: number): string | undefined {
  const named = Deno.env.get(`NODE_${major}`);
  if (named !== undefined) return named;
  try {
    const { stdout } = new Deno.Command("node", { args: ["--version"] }).outputSync();
    return new TextDecoder().decode(stdout).startsWith(`v${major}.`) ? "node" : undefined;
  } catch {
    return undefined;
  }
}

/** Registers a test for each of them; one that cannot be had is said by name and skipped. */
export function onNode(name: string, work: (node: string) => Promise<void>): void {
  for (const version of VERSIONS) {
    const node = nodeOf(version);
    const skipped = node === undefined ? ` (SKIPPED: no Node ${version}; NODE_${version} may name one)` : "";
    Deno.test({
      name: `${name} under Node ${version}${skipped}`,
      ignore: node === undefined,
      fn: () => work(node!),
    });
  }
}
