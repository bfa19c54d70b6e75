/**
 * What the packed SDK makes of connections that fail, under Node. Arguments: address of a way to the server that is cut
 * on the word "live" and opened again on the word "waiting", the server's own, name, password, name of a channel.
 */
import assert from "node:assert/strict";
import { login, RookeryClient, RookeryError } from "rookery-client";

const [way, base, name, password, channelName] = process.argv.slice(2);

setTimeout(() => {
  console.error("It stands still");
  process.exit(1);
}, 60_000).unref();

/** Long times never end here, so whatever needs one to go on stands still. */
const LONG_MS = 10_000;
const clock = {
  now: () => Date.now(),
  after(ms, callback) {
    if (ms >= LONG_MS) return () => {};
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
const options = { clock, backoff: { baseMs: 10, capMs: 50 } };

/** Resolves with the next state of this name. */
function next(client, state) {
  return new Promise((resolve) => {
    const off = client.on("state", (now) => {
      if (now.name !== state) return;
      off();
      resolve(now);
    });
  });
}

const { token } = await login(base, { name, password, device: "node" });

// Nobody listens on port 1.
const nowhere = new RookeryClient("http://127.0.0.1:1", { token, ...options });
nowhere.connect();
for (let attempt = 0; attempt < 3; attempt++) {
  assert.equal((await next(nowhere, "waiting")).obstacle, "unreachable");
}
await nowhere.close();

const stranger = new RookeryClient(base, { token: "x".repeat(43), ...options });
await assert.rejects(
  stranger.live(),
  (error) => error instanceof RookeryError && error.code === "unauthenticated",
);

const client = new RookeryClient(way, { token, ...options });
await client.live();
const { channels } = await client.listChannels();
const channel = channels.find(({ name }) => name === channelName);
await client.joinChannel(channel.id);
const cut = next(client, "waiting");
console.log("live");
await cut;
console.log("waiting");
await client.live();
await client.sendMessage(channel.id, "back again");
await client.close();
console.log("done");
