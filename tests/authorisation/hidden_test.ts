/**
 * P2 Nobody learns from an answer that something exists which they may not know of: the bytes are those that
 * they would get if it did not exist.
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { Registration } from "../../src/chat/model.ts";
import { ENCODINGS, outcomeOf, post, type Posted, Sockets } from "./doors.ts";
import type { Deed } from "./deeds.ts";
import { bodyOf, NAMING, naming, unknownFields } from "./probes.ts";
import type { Kind } from "./table.ts";
import { PASSWORD, World } from "./world.ts";

/** No thing ever had this number. */
const NOTHING = 4_000_000_000;

/** Everything but the request's name, which is random and always as long. */
function shown({ status, headers, body }: Posted): string {
  const [, id] = /^x-request-id: ([0-9a-f]{16})$/m.exec(headers)!;
  return `${status}\n${headers}\n\n${new TextDecoder("latin1").decode(body)}`.replaceAll(id!, "NAME");
}

/** Fails unless both are answered in the same way, by both doors and in both encodings. */
async function same(
  world: World,
  sockets: Sockets,
  { kind, hidden, missing }: { kind: Kind; hidden: Deed; missing: Deed },
): Promise<void> {
  for (const encoding of ENCODINGS) {
    const what = `${hidden[0]} by ${kind}, ${encoding}`;
    const caller = async () => ({ token: await world.token(kind), encoding });
    const [one, other] = [
      await post(world.rig.url, hidden, await caller()),
      await post(world.rig.url, missing, await caller()),
    ];
    equal(shown(one), shown(other), what);
    deepEqual(await sockets.ask(hidden, await caller()), await sockets.ask(missing, await caller()), what);
  }
}

Deno.test("every field of every command either names something or does not", () => {
  // A new field: say in probes.ts what it names, and what of it may be hidden.
  deepEqual(unknownFields(), []);
});

Deno.test("P2 channels, and messages in them, that one may not see are like none", async () => {
  await using world = await World.make();
  await using sockets = new Sockets(world.rig.socketUrl);
  const cases: [Kind, "private" | "direct"][] = [
    ["nobody", "private"],
    ["revoked", "private"],
    ["disabled", "private"],
    ["stranger", "private"],
    ["removed", "private"],
    ["banned", "private"],
    ["admin", "private"],
    ["owner", "private"],
    ["stranger", "direct"],
    ["keeper", "direct"],
    ["admin", "direct"],
    ["owner", "direct"],
  ];
  let asked = 0;
  for (const { name, field } of naming(NAMING.channel)) {
    for (const [kind, where] of cases) {
      await world.restore();
      const seq = world.messages[where];
      const body = (channelId: number) =>
        bodyOf(name, {
          [field]: channelId,
          messageSeq: seq,
          seq,
          around: seq,
          userId: world.id("bystander"),
        });
      const hidden = [name, body(world.channels[where])] as unknown as Deed;
      await same(world, sockets, { kind, hidden, missing: [name, body(NOTHING)] as unknown as Deed });
      asked++;
    }
  }
  ok(asked > 200, `${asked} questions`);
});

Deno.test("P2 a private channel's name is free for those who are not in it", async () => {
  await using world = await World.make();
  await using sockets = new Sockets(world.rig.socketUrl);
  for (const kind of ["stranger", "removed", "banned", "admin", "owner"] as const) {
    const make = (name: string): Deed => ["createChannel", { name, private: true }];
    const token = await world.token(kind);
    const code = async (deed: Deed) =>
      outcomeOf(await post(world.rig.url, deed, { token, encoding: "json" }), "json").code;
    equal(await code(make("private-one")), 0, kind);
    equal((await sockets.ask(make(world.newName()), { token, encoding: "json" })).code, 0, kind);
  }
  const listed = await world.done(undefined, "login", { name: "stranger", password: PASSWORD });
  ok(listed.case === "sessionToken");
  const { body } = await post(world.rig.url, ["listChannels", { prefix: "priv", includeArchived: true }], {
    token: listed.value.token,
    encoding: "json",
  });
  equal(JSON.parse(new TextDecoder().decode(body)).channels.length, 0);
});

Deno.test("P2 sessions of others, and invites to a higher role, are like none", async () => {
  await using world = await World.make();
  await using sockets = new Sockets(world.rig.socketUrl);
  for (const kind of ["stranger", "member", "admin", "owner"] as const) {
    const revoke = (sessionId: number): Deed => ["revokeSessions", { sessionId }];
    const { sessionOfBystander } = world;
    await same(world, sockets, { kind, hidden: revoke(sessionOfBystander), missing: revoke(NOTHING) });
  }
  for (const kind of ["stranger", "member", "keeper", "admin"] as const) {
    const revoke = (inviteId: number): Deed => ["revokeInvite", { inviteId }];
    await same(world, sockets, { kind, hidden: revoke(world.invites.owner), missing: revoke(NOTHING) });
  }
});

Deno.test("A9 whoever holds an invite is told why it lets nobody in; forged codes are all the same", async () => {
  await using world = await World.make({ registration: Registration.INVITE });
  const { url } = world.rig;
  const admin = { token: await world.token("admin"), encoding: "json" as const };
  const json = async (deed: Deed) =>
    JSON.parse(new TextDecoder().decode((await post(url, deed, admin)).body));
  const enter = (inviteCode: string) =>
    post(url, ["register", { name: world.newName(), password: PASSWORD, inviteCode }], {
      token: undefined,
      encoding: "json",
    });
  const code = async (body: Record<string, number>) => await json(["createInvite", body]);
  const [twice, revoked, short] = [await code({ uses: 2 }), await code({}), await code({ validS: 1 })];
  equal((await enter(twice.code)).status, 200);
  equal((await enter(twice.code)).status, 200);
  await json(["revokeInvite", { inviteId: revoked.id }]);
  while (true) {
    const { invites } = await json(["listInvites", {}]);
    if (!invites.some(({ id }: { id: number }) => id === short.id)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (
    const [genuine, why] of [[twice.code, "used up"], [revoked.code, "taken back"], [short.code, "expired"]]
  ) {
    const answer = shown(await enter(genuine));
    ok(answer.startsWith("403") && answer.includes(why), answer);
  }
  const answers = [];
  for (
    const forged of [
      "A".repeat(27),
      withOtherEnd(twice.code),
      withOtherEnd(short.code),
      "x",
      "../../etc",
      "\u00e9",
    ]
  ) {
    answers.push(shown(await enter(forged)));
  }
  ok(answers[0]!.startsWith("403"), answers[0]);
  deepEqual(new Set(answers).size, 1, answers.join("\n\n"));
});

/** The code with another signature. */
function withOtherEnd(code: string): string {
  return code.slice(0, -2) + (code.endsWith("AA") ? "BB" : "AA");
}

Deno.test("A4 names that nobody has, wrong passwords and accounts that are locked out are answered alike", async () => {
  await using world = await World.make();
  const { url } = world.rig;
  for (const encoding of ENCODINGS) {
    const answers = [];
    for (
      const [name, password] of [
        ["stranger", "not the password"],
        ["nobody-at-all", "not the password"],
        ["disabled", PASSWORD],
        ["disabled", "not the password"],
        ["stranger", ""],
        ["stranger", "x".repeat(100)],
        ["NOBODY at all", PASSWORD],
        ["", ""],
        ["' OR 1=1 --", PASSWORD],
      ]
    ) {
      answers.push(
        shown(
          await post(url, ["login", { name: name!, password: password! }], { token: undefined, encoding }),
        ),
      );
    }
    ok(answers[0]!.startsWith("401"), answers[0]);
    deepEqual(new Set(answers).size, 1, answers.join("\n\n"));
  }
});
