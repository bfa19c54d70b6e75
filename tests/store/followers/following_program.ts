/** Talks on a store with a follower until it is killed. Prints a letter for each commit that the follower has got on after. */
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
for (let seen = 0;;) {
  await store.commit(someTalk(store));
  const { position } = followers.reports()[0]!;
  if (position > seen) await Deno.stdout.write(new TextEncoder().encode("."));
  seen = position;
}
