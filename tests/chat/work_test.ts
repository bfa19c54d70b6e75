import { equal, ok } from "node:assert/strict";
import { Rig } from "./rig.ts";
import { metered, unitsOfWork, workOfAudience, workOfEvents, workOfResult } from "../../src/chat/work.ts";

/** A store that has done so much work, and a meter that remembers what it was charged. */
function payer() {
  const reader = { work: 100 };
  let charged = 0;
  return {
    reader,
    meter: { charge: (units: number) => void (charged += units) },
    charged: () => charged,
  };
}

Deno.test("L2 an ordinary command costs its unit alone", () => {
  const { reader, meter, charged } = payer();
  equal(metered({ reader, meter }, () => reader.work += 5, () => workOfEvents(1)), 105);
  equal(charged(), 0);
});

Deno.test("L2 reads, rows told and events beyond that are charged, also when the command is refused", () => {
  const { reader, meter, charged } = payer();
  metered({ reader, meter }, () => reader.work += 110);
  equal(charged(), 10);
  const page = { case: "userPage", value: { users: Array(400).fill({}), more: false } } as const;
  metered({ reader, meter }, () => page, workOfResult);
  equal(charged(), 19);
  metered({ reader, meter }, () => [], () => workOfEvents(5));
  equal(charged(), 20);
  try {
    metered({ reader, meter }, () => {
      reader.work += 60;
      throw new Error("refused");
    });
  } catch {
    // What it read before is paid for.
  }
  equal(charged(), 25);
});

Deno.test("L2 a message to a few costs no more, one to thousands does", () => {
  equal(unitsOfWork(workOfAudience(50)), 0);
  equal(unitsOfWork(workOfAudience(1050)), 20);
  ok(unitsOfWork(10) === 0 && unitsOfWork(11) > 0);
});

Deno.test("L2 the operator pays nothing", () => {
  const { reader } = payer();
  equal(metered({ reader }, () => reader.work += 1000), 1100);
});

Deno.test("L2 a text in which mentions are looked for is paid for when it comes, not when its batch is decided", async () => {
  const rig = new Rig();
  const olga = await rig.user("olga");
  const channelId = await rig.channel(olga, "cave");
  const device = await rig.device(olga);
  const price = async (text: string) => {
    const before = device.outlet.charged;
    const sent = device.ask("sendMessage", { channelId, text });
    const charged = Math.round(device.outlet.charged - before);
    await sent;
    return charged;
  };
  equal(await price("hello @olga"), 0);
  equal(await price("@".repeat(16_000)), 31);
  equal(await price("x".repeat(16_000)), 0);
});
