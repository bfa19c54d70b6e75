/** Talks on a store with followers until it is killed. Prints a line when the first commit is done. */
import { Followers, openStore } from "../../../src/store/mod.ts";
import { KeepingLog } from "../../chat/fakes.ts";
import { heavyFold, lightFold } from "./folding.ts";
import { someTalk } from "./talk.ts";

const [folder, where] = Deno.args;
const pause = { firstMs: 2, longestMs: 20 };
const store = await openStore(folder!, { onCommit: () => followers.wake() });
const entry = where === "worker" ? heavyFold() : lightFold();
const followers = new Followers([entry], {
  folder: folder!,
  head: () => store.lastPosition,
  held: () => false,
  log: new KeepingLog(),
  pause,
});
for (let told = false;; told = true) {
  await store.commit(someTalk(store));
  if (!told) console.log("talking");
}
