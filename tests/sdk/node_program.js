/** Chats by the packed SDK, under Node. Arguments: address, name, password, name of a channel. */
import assert from "node:assert/strict";
import { ChannelKind, login, RookeryClient, RookeryError } from "rookery-client";

const [base, name, password, channelName] = process.argv.slice(2);
await assert.rejects(
  login(base, { name, password: `${password}!` }),
  (error) => error instanceof RookeryError && error.code === "unauthenticated",
);
const { token } = await login(base, { name, password, device: "node" });
for (const format of ["proto", "json"]) {
  const client = new RookeryClient(base, { token, format });
  await client.live();
  const { channels } = await client.listChannels();
  const channel = channels.find(({ name }) => name === channelName);
  assert.equal(channel.kind, ChannelKind.PUBLIC);
  await client.joinChannel(channel.id);
  const heard = new Promise((resolve) => client.on("message", ({ message }) => resolve(message.text)));
  await client.sendMessage(channel.id, `from Node by ${format}`);
  assert.equal(await heard, `from Node by ${format}`);
  await client.close();
}
console.log("done");
