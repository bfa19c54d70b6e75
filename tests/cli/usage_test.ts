import assert from "node:assert/strict";
import { Place } from "./program.ts";

Deno.test("arguments that make no sense are one line and exit code 2", async () => {
  await using place = new Place();
  const cases: [args: string[], message: string][] = [
    [["usr"], "Unknown command"],
    [["--", "usr"], "Unknown command"],
    [["--", "--prot", "1"], "Unknown flag --prot"],
    [["user"], "Say what to do"],
    [["user", "ad"], "Unknown: user"],
    [["user", "add"], "NAME is missing"],
    [["user", "add", "a", "b"], "Unexpected argument"],
    [["user", "add", "ada", "--role", "king", "--password-stdin"], "--role must be"],
    [["user", "add", "ada"], "Standard input is not a terminal"],
    [["user", "list", "--jsn"], "Unknown flag --jsn"],
    [["user", "list", "--json=1"], "--json takes no value"],
    [["user", "list", "--data"], "--data needs a value"],
    [["user", "list", "--data", "a", "--data", "b"], "--data is given twice"],
    [["invite", "create", "--uses", "0"], "--uses must be a whole number"],
    [["invite", "create", "--uses", "1001"], "--uses must be a whole number from 1 to 1000"],
    [["invite", "create", "--days", "x"], "--days must be a whole number"],
    [["invite", "revoke", "-1"], "Unknown flag"],
    [["invite", "revoke", "one"], "ID must be a whole number"],
    [["chat", "ftp://x", "--channel", "general"], '"ftp://x" is no server address'],
    [["chat", "http://127.0.0.1:1"], "Without a screen it needs --channel"],
    [["chat", "a", "b"], "Unexpected argument"],
    [["chat", "--channel", "general", "--password-stdin"], "--password-stdin needs --user"],
    [["user", "role", "ada"], "ROLE is missing"],
    [["user", "role", "ada", "king"], "ROLE must be member, admin or owner"],
    [["serve", "--port", "1", "--port", "2"], "--port is given twice"],
    [["serve", "--prot", "1"], "Unknown flag --prot"],
    [["config"], "Say what to do"],
    [["config", "prnt"], "Unknown: config"],
    [["backup"], "FILE or FOLDER is missing"],
    [["backup", "a", "b"], "Unexpected argument"],
    [["restore"], "BACKUP is missing"],
    [["verify", "a", "b"], "Unexpected argument"],
    [["verify", "a", "--data", "b"], "Give either BACKUP or --data"],
    [["doctor", "a"], "Unexpected argument"],
    [["doctor", "--idle", "81"], "--idle must be a whole number from 0 to 80"],
    [["example", "apache"], "There is no example"],
  ];
  const finished = await Promise.all(cases.map(([args]) => place.run(args)));
  for (const [i, { code, stdout, stderr }] of finished.entries()) {
    const [args, message] = cases[i]!;
    assert.deepEqual({ code, stdout }, { code: 2, stdout: "" }, `${args.join(" ")}: ${stderr}`);
    assert.ok(stderr.startsWith(`rookery: ${message}`) && stderr.indexOf("\n") === stderr.length - 1, stderr);
  }
});

Deno.test("every subcommand has help", async () => {
  await using place = new Place();
  const overview = await place.ok(["--help"]);
  const names = [
    "serve",
    "chat",
    "user",
    "invite",
    "server",
    "backup",
    "restore",
    "verify",
    "config",
    "doctor",
    "example",
    "version",
  ];
  const inner = ["user add", "user list", "user passwd", "user role", "user disable", "user enable"];
  const invites = ["invite create", "invite list", "invite revoke", "server name"];
  for (const name of names) assert.match(overview, new RegExp(`^  ${name} +\\S`, "m"));
  await Promise.all([...names, ...inner, ...invites].map(async (name) => {
    const help = await place.ok([...name.split(" "), "--help"]);
    assert.ok(help.startsWith(`Usage: rookery ${name}`), help);
  }));
});
