/** A process is killed while its followers follow, again and again, and they have left nothing out. */
import assert from "node:assert/strict";
import { followerFiles } from "../../../src/store/followers/follower_files.ts";
import { furnish } from "../furnished.ts";
import { TempFolder } from "../temp_store.ts";
import { assertFolded, heavyFold, lightFold } from "./folding.ts";
import { FollowedStore } from "./followed_store.ts";

const PROGRAM = new URL("./following_program.ts", import.meta.url).pathname;
const KILLS = 6;
const LIFE_MS = 300;

for (const where of ["worker", "isolate"]) {
  Deno.test(`O13 a process with a follower in its ${where} is killed at any moment: every change is seen once`, async () => {
    await using folder = new TempFolder();
    {
      await using store = await folder.open();
      await furnish(store);
    }
    for (let kill = 0; kill < KILLS; kill++) {
      await using program = new Deno.Command("deno", {
        args: ["run", "--quiet", "--no-prompt", "--no-check", "-A", PROGRAM, folder.path, where],
        stdout: "piped",
      }).spawn();
      const reader = program.stdout.getReader();
      // Every other time it is killed while it may still be opening its files.
      if (kill % 2 === 0) await reader.read();
      await new Promise((resolve) => setTimeout(resolve, Math.random() * LIFE_MS));
      program.kill("SIGKILL");
      await reader.cancel();
      await program.status;
    }
    const [file] = await followerFiles(folder.path);
    assert.ok(file!.position! > 0, "it has followed");
    await using followed = await FollowedStore.open(folder, where === "worker" ? heavyFold() : lightFold());
    await followed.caughtUp();
    assertFolded(folder.path);
  });
}
