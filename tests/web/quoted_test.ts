import { storedWith, webTest } from "./browser.ts";

webTest("what is quoted of a message that is not loaded changes and goes with it", async (web) => {
  const olga = await web.rig.owner();
  const client = await web.rig.live(olga);
  const [channelId] = client.replica.channels.keys();
  const { seq } = await client.sendMessage(channelId!, "as it was");
  // More than is loaded at first.
  await Promise.all(Array.from({ length: 150 }, (_, i) => client.sendMessage(channelId!, `filler ${i}`)));
  await client.sendMessage(channelId!, "an answer", { replyTo: seq });
  const page = await web.open(olga);
  const quoted = storedWith(page, "an answer").locator(".quoted");
  await quoted.getByText("as it was").waitFor();
  await client.editMessage({ channelId: channelId!, seq }, "as it is");
  await quoted.getByText("as it is").waitFor();
  await client.deleteMessage({ channelId: channelId!, seq });
  await quoted.getByText("This message was deleted.").waitFor();
  await client.close();
});
