import assert from "node:assert/strict";
import { Place } from "./program.ts";

const PASSWORD = "correct horse\n";

Deno.test("an invite is made, listed, used in the terminal and taken back", async () => {
  await using place = new Place();
  await place.ok(["user", "add", "ada", "--role", "owner", "--password-stdin"], { stdin: PASSWORD });
  const { url } = await place.serve();
  const link = (await place.ok(["invite", "create", "--uses", "2", "--days", "3", "--channel", "general"]))
    .trim();
  assert.ok(link.startsWith(`${url}/#invite=`), link);

  const [invite] = JSON.parse(await place.ok(["invite", "list", "--json"]));
  assert.deepEqual({ ...invite, expires: undefined, id: undefined }, {
    id: undefined,
    role: "member",
    usesLeft: 2,
    expires: undefined,
    link,
  });
  assert.ok(Math.abs(Date.parse(invite.expires) - Date.now() - 3 * 24 * 3600_000) < 3600_000);
  assert.match(await place.ok(["invite", "list"]), new RegExp(`^${invite.id} +member +2 .*`, "m"));

  const chat = ["chat", link, "--user", "bob", "--password-stdin", "--channel", "general"];
  assert.match(await place.ok(chat, { stdin: `${PASSWORD}I am in\n` }), /^\d\d:\d\d bob: I am in\n$/);
  assert.equal(JSON.parse(await place.ok(["invite", "list", "--json"]))[0].usesLeft, 1);

  await place.ok(["invite", "revoke", String(invite.id)]);
  assert.match(await place.ok(["invite", "list"]), /^No invites/);
  const late = await place.run(chat.with(3, "eve"), { stdin: PASSWORD });
  assert.equal(late.code, 1);
  assert.match(late.stderr, /^rookery: The invite was taken back.*\n$/);
});

Deno.test("all invites are listed, however many there are in one page", async () => {
  await using place = new Place();
  const env = { ROOKERY_LIMITS: "pageItems=2" };
  for (let made = 0; made < 5; made++) await place.ok(["invite", "create"], { env });
  const list = async () => JSON.parse(await place.ok(["invite", "list", "--json"], { env }));
  const invites = await list();
  assert.equal(new Set(invites.map(({ link }: { link: string }) => link)).size, 5);
  await place.serve(["--limits", "pageItems=2"]);
  assert.deepEqual(
    (await list()).filter(({ role }: { role: string }) => role === "member").map(({ id }: { id: number }) =>
      id
    ),
    invites.map(({ id }: { id: number }) => id),
  );
});

Deno.test("links carry the configured public address", async () => {
  await using place = new Place();
  const env = { ROOKERY_URL: "https://chat.example" };
  assert.match(
    await place.ok(["invite", "create"], { env }),
    /^https:\/\/chat\.example\/#invite=[\w-]{27}\n$/,
  );
  await place.serve(["--url", "https://other.example"]);
  assert.match(
    await place.ok(["invite", "create"], { env }),
    /^https:\/\/other\.example\/#invite=[\w-]{27}\n$/,
  );
});

Deno.test("links whose address is a guess are said to be", async () => {
  await using place = new Place();
  await place.ok(["user", "list"]);
  const guess =
    /^rookery: no server runs here, so links are for http:\/\/127\.0\.0\.1:9090: .*ROOKERY_URL\n$/;
  const env = { ROOKERY_PORT: "9090" };
  for (const args of [["invite", "create"], ["invite", "list"], ["invite", "list", "--json"]]) {
    const { code, stderr } = await place.run(args, { env });
    assert.equal(code, 0);
    assert.match(stderr, guess);
  }
  const known = await place.run(["invite", "list"], { env: { ROOKERY_URL: "https://chat.example" } });
  assert.equal(known.stderr, "");
  await place.serve();
  assert.equal((await place.run(["invite", "list"])).stderr, "");
});

Deno.test("an invite for a channel that is not there is refused", async () => {
  await using place = new Place();
  await place.ok(["user", "list"]);
  const { code, stderr } = await place.run(["invite", "create", "--channel", "nowhere"]);
  assert.deepEqual({ code, stderr }, { code: 1, stderr: 'rookery: No public channel is called "nowhere"\n' });
});
