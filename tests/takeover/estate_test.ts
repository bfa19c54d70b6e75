/** What a server does when it lets go of its folder, and when it gets it back. @module */
import assert from "node:assert/strict";
import { ServedFolder } from "../../src/takeover/estate.ts";

/** A core and a store in one, which remember what they were told. */
class Core {
  readonly told: string[] = [];
  paused = Promise.resolve();
  letGoFails = false;
  taken: "ours" | "held" | "changed" = "ours";
  onRefuse = () => {};

  pause(): Promise<void> {
    this.told.push("pause");
    return this.paused;
  }

  refuseKept(): void {
    this.told.push("refuse");
    this.onRefuse();
  }

  resume(): void {
    this.told.push("resume");
  }

  letGo(): Promise<void> {
    this.told.push("let go");
    return this.letGoFails ? Promise.reject(new Error("no")) : Promise.resolve();
  }

  takeBack(): Promise<"ours" | "held" | "changed"> {
    this.told.push("take back");
    return Promise.resolve(this.taken);
  }
}

function folderOf(core: Core, times?: { commitMs: number; keepMs: number }): ServedFolder {
  return new ServedFolder({ chat: core, store: core, ...(times ? { times } : {}) });
}

Deno.test("O10 it decides nothing before it lets go, and goes on only when the folder is its own again", async () => {
  const core = new Core();
  const folder = folderOf(core);
  await folder.release();
  core.taken = "held";
  assert.equal(await folder.reclaim(), false);
  core.taken = "ours";
  assert.equal(await folder.reclaim(), true);
  assert.deepEqual(core.told, ["pause", "let go", "take back", "take back", "resume"]);
});

Deno.test("O10 what was changed by another process is not gone on with", async () => {
  const core = new Core();
  const folder = folderOf(core);
  await folder.release();
  core.taken = "changed";
  await assert.rejects(folder.reclaim(), /changed by another process/);
  assert.ok(!core.told.includes("resume"));
});

Deno.test("O10 a commit that hangs, or a lock that cannot be had, leaves everything as it was", async () => {
  const hanging = new Core();
  hanging.paused = new Promise(() => {});
  await assert.rejects(folderOf(hanging, { commitMs: 1, keepMs: 1 }).release(), /commit does not end/);
  assert.deepEqual(hanging.told, ["pause", "resume"]);
  const locked = new Core();
  locked.letGoFails = true;
  await assert.rejects(folderOf(locked).release(), /no/);
  assert.deepEqual(locked.told, ["pause", "let go", "resume"]);
});

Deno.test("O10 commands that wait too long are refused, until it goes on", async () => {
  const core = new Core();
  const refused = new Promise<void>((resolve) => core.onRefuse = resolve);
  const folder = folderOf(core, { commitMs: 1000, keepMs: 1 });
  await folder.release();
  await refused;
  assert.equal(folder.unready, "another server is taking over");
  await folder.reclaim();
  assert.equal(folder.unready, undefined);
  assert.equal(core.told.at(-1), "resume");
});
