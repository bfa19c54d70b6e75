import assert from "node:assert/strict";
import { login, request, RookeryError } from "../../src/client/mod.ts";
import { Place } from "./program.ts";

const PASSWORD = "correct horse";

async function refusedLogin(url: string, name: string, password: string): Promise<boolean> {
  try {
    await login(url, { name, password });
    return false;
  } catch (error) {
    if (error instanceof RookeryError && error.code === "unauthenticated") return true;
    throw error;
  }
}

Deno.test("an account that is added without a server is listed and can log in", async () => {
  await using place = new Place();
  const added = await place.ok(
    ["user", "add", "ada", "--role", "admin", "--display-name", "Ada L.", "--password-stdin"],
    { stdin: `${PASSWORD}\n` },
  );
  assert.equal(added, "Added ada (admin)\n");
  const [header, row] = (await place.ok(["user", "list"])).trimEnd().split("\n");
  assert.match(header!, /^NAME +DISPLAY NAME +ROLE +STATE$/);
  assert.match(row!, /^ada +Ada L\. +admin +active$/);
  assert.equal((await Deno.stat(`${place.data}/secret.key`)).mode! & 0o077, 0);
  const { url } = await place.serve();
  const { user } = await login(url, { name: "ada", password: PASSWORD });
  assert.equal(user.displayName, "Ada L.");
});

Deno.test("whoever mistypes the data folder is told that another one was made", async () => {
  await using place = new Place();
  const add = (name: string) => place.run(["user", "add", name, "--password-stdin"], { stdin: PASSWORD });
  const first = await add("ada");
  assert.equal(first.stderr, `rookery: There was no data folder ${place.data}: made a new one\n`);
  const second = await add("bob");
  assert.equal(second.stderr, "");
});

Deno.test("commands reach a running server, and its file is for the owner only", async () => {
  await using place = new Place();
  const { url } = await place.serve();
  assert.equal((await Deno.stat(`${place.data}/server.json`)).mode! & 0o077, 0);
  await place.ok(["user", "add", "bob", "--password-stdin"], { stdin: PASSWORD });
  const list = JSON.parse(await place.ok(["user", "list", "--json"]));
  assert.deepEqual(list, [{ id: list[0].id, name: "bob", displayName: "", role: "member", disabled: false }]);
  const { token } = await login(url, { name: "bob", password: PASSWORD });

  await place.ok(["user", "passwd", "bob", "--password-stdin"], { stdin: "another one\n" });
  await assert.rejects(request(url, ["listSessions", {}], { token }), { code: "unauthenticated" });
  assert.ok(await refusedLogin(url, "bob", PASSWORD));
  const second = await login(url, { name: "bob", password: "another one" });

  await place.ok(["user", "disable", "bob"]);
  await assert.rejects(request(url, ["listSessions", {}], { token: second.token }), {
    code: "unauthenticated",
  });
  assert.ok(await refusedLogin(url, "bob", "another one"));
  assert.match(await place.ok(["user", "list"]), /^bob .*disabled$/m);

  await place.ok(["user", "enable", "bob"]);
  await login(url, { name: "bob", password: "another one" });
});

Deno.test("P5 the operator gives roles, with and without a running server", async () => {
  await using place = new Place();
  for (const name of ["ada", "bob"]) {
    await place.ok(["user", "add", name, "--password-stdin"], { stdin: PASSWORD });
  }
  assert.equal(await place.ok(["user", "role", "ada", "owner"]), "ada is owner now\n");
  const { url } = await place.serve();
  assert.equal(await place.ok(["user", "role", "bob", "admin"]), "bob is admin now\n");
  assert.equal((await login(url, { name: "bob", password: PASSWORD })).user.role, 2);
  const last = await place.run(["user", "role", "ada", "member"]);
  assert.deepEqual([last.code, last.stdout], [1, ""]);
  assert.match(last.stderr, /^rookery: That is the server's only owner: [^\n]+\n$/);
});

Deno.test("a file of a server that is gone does no harm", async () => {
  await using place = new Place();
  const { program } = await place.serve();
  assert.equal((await program.stop()).code, 0);
  await Deno.stat(`${place.data}/server.json`);
  assert.equal(await place.ok(["user", "list"]), "No accounts yet\n");
  await assert.rejects(Deno.stat(`${place.data}/server.json`), Deno.errors.NotFound);
});

Deno.test("a refusal is one line and exit code 1", async () => {
  await using place = new Place();
  await place.ok(["user", "list"]);
  const cases: [args: string[], stdin: string, message: RegExp][] = [
    [["user", "add", "A B", "--password-stdin"], PASSWORD, /^rookery: Name not allowed: .*\n$/],
    [["user", "add", "ada", "--password-stdin"], "short", /^rookery: Password not allowed: .*\n$/],
    [["user", "disable", "nobody"], "", /^rookery: No account is called "nobody": .*\n$/],
  ];
  for (const [args, stdin, message] of cases) {
    const { code, stdout, stderr } = await place.run(args, { stdin });
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    assert.match(stderr, message);
  }
});

Deno.test("W18 the operator's token goes to the server's socket, whatever proxies the environment names", async () => {
  await using place = new Place();
  await place.serve();
  for (const rights of ["cli", "server"] as const) {
    for (const exempt of ["", "*", "localhost,operator"]) {
      const proxy = "http://127.0.0.1:9";
      const env = { HTTP_PROXY: proxy, http_proxy: proxy, NO_PROXY: exempt, no_proxy: exempt };
      assert.equal(
        await place.ok(["user", "list"], { env, permissions: rights }),
        "No accounts yet\n",
        `${rights} ${exempt}`,
      );
    }
  }
});

Deno.test("what others may have planted in the data folder is not believed", async () => {
  await using place = new Place();
  await place.serve();
  const refused = async (path: string) => {
    const { code, stderr } = await place.run(["user", "list"]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      new RegExp(`^rookery: Others than its owner may write ${path}, [^\n]+: chmod go-w ${path}\n$`),
    );
  };
  for (const mode of [0o777, 0o1777, 0o770]) {
    await Deno.chmod(place.data, mode);
    await refused(place.data);
  }
  await Deno.chmod(place.data, 0o755);
  for (const name of ["server.json", "secret.key", "lock"]) {
    await Deno.chmod(`${place.data}/${name}`, 0o666);
    await refused(`${place.data}/${name}`);
    await Deno.chmod(`${place.data}/${name}`, 0o600);
  }
  await place.ok(["user", "list"]);
});

Deno.test("a hostile server's words do nothing to the terminal", async () => {
  await using place = new Place();
  const message = "\u001b]52;c;ZXZpbA==\u0007\u001b[2J\u009b31mred\u202e";
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => Response.json({ code: "PERMISSION_DENIED", message }, { status: 403 }),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const { code, stdout, stderr } = await place.run(
    ["chat", url, "--channel", "x", "--user", "ada", "--password-stdin"],
    { stdin: "secret" },
  );
  assert.equal(code, 1);
  assert.match(stderr, /red/);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});
