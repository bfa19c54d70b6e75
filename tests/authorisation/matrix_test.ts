/** The table, cell by cell: by both doors and in both encodings, whose answers must agree. */
import { deepEqual, equal } from "node:assert/strict";
import { CommandSchema } from "../../src/wire/gen/rookery/v1/command_pb.ts";
import { deedOf } from "./deeds.ts";
import { type Encoding, ENCODINGS, type Outcome, outcomeOf, post, Sockets } from "./doors.ts";
import { type Door, type Kind, KINDS, type Row, ROWS } from "./table.ts";
import { World } from "./world.ts";

const SHORT = ["ok", "ia", "--", "pd", "nf", "ae", "re", "fp", "un", "in"];

interface Asked {
  readonly row: Row;
  readonly kind: Kind;
  readonly door: Door;
  readonly encoding: Encoding;
}

async function ask(world: World, sockets: Sockets, { row, kind, door, encoding }: Asked): Promise<Outcome> {
  await world.restore();
  const token = await world.token(kind);
  const deed = deedOf(row.deed, row.where, { world, kind });
  if (door === "socket") return await sockets.ask(deed, { token, encoding });
  return outcomeOf(await post(world.rig.url, deed, { token, encoding }), encoding);
}

Deno.test("P1 who may do what: every command by every kind of caller, by both doors, in both encodings", async () => {
  await using world = await World.make();
  await using sockets = new Sockets(world.rig.socketUrl);
  for (const row of ROWS) {
    const found: Record<string, Record<string, string>> = {};
    const expected: typeof found = {};
    for (const encoding of ENCODINGS) {
      const messages = new Map<Kind, Set<string>>();
      for (const door of row.doors) {
        const cells = found[`${row.title}, ${door}, ${encoding}`] = {} as Record<string, string>;
        expected[`${row.title}, ${door}, ${encoding}`] = row.expected;
        for (const kind of KINDS) {
          const { code, message } = await ask(world, sockets, { row, kind, door, encoding });
          cells[kind] = SHORT[code]!;
          // A handshake says less than an answer: only that one has to log in.
          if (code !== 2) messages.set(kind, (messages.get(kind) ?? new Set()).add(message));
        }
      }
      for (const [kind, said] of messages) equal(said.size, 1, `${row.title}, ${kind}: ${[...said]}`);
    }
    deepEqual(found, expected);
  }
  deepEqual(world.rig.errors(), []);
});

Deno.test("P1 the table has every command of the contract, and every channel command for every kind of channel", async () => {
  await using world = await World.make();
  const rows = new Map<string, Set<string>>();
  for (const row of ROWS) {
    const [name] = deedOf(row.deed, row.where, { world, kind: "member" });
    rows.set(name, (rows.get(name) ?? new Set()).add(row.where));
  }
  const fields = CommandSchema.oneofs[0]!.fields;
  deepEqual([...rows.keys()].sort(), fields.map(({ localName }) => localName).sort());
  for (const { localName, message } of fields) {
    if (!message!.fields.some((field) => field.localName === "channelId")) continue;
    deepEqual([...rows.get(localName)!].sort(), ["direct", "private", "public"], localName);
  }
});
