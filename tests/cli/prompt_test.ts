/** Whatever ends a prompt, the terminal is as it was before. */
import assert from "node:assert/strict";
import { Program } from "./program.ts";

function ask(): Program {
  const path = new URL("prompt_program.ts", import.meta.url).pathname;
  return new Program(
    new Deno.Command("deno", {
      args: ["run", "--quiet", "--no-prompt", path],
      env: { NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
  );
}

for (const [signal, code] of [["SIGHUP", 129], ["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`a prompt that ${signal} ends gives the terminal back`, async () => {
    await using program = ask();
    await program.complaint(/Password: /);
    program.signal(signal);
    const { code: ended, stdout } = await program.finished();
    assert.deepEqual({ ended, stdout }, { ended: code, stdout: "raw\nas it was\n" });
  });
}

Deno.test("a prompt that is answered, or interrupted by its key, gives the terminal back", async () => {
  await using answered = ask();
  await answered.type("secret\r");
  await answered.endInput();
  assert.equal((await answered.finished()).stdout, "raw\n6 characters\nas it was\n");
  await using interrupted = ask();
  await interrupted.type("sec\x03");
  await interrupted.endInput();
  const { code, stdout } = await interrupted.finished();
  assert.deepEqual({ code, stdout }, { code: 1, stdout: "raw\nas it was\n" });
});
