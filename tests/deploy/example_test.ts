/** `rookery example`: the shipped files with the operator's values in them. */
import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { EXAMPLES, exampleText } from "../../src/cli/example/files.ts";
import { fillIn, type Values } from "../../src/cli/example/fill.ts";
import { Place } from "../cli/program.ts";

const VALUES: Values = {
  domain: "chat.school.example",
  port: "8181",
  "metrics-port": "9999",
  data: "/srv/chat",
  backups: "/mnt/backups",
  program: "/opt/rookery/bin/rookery",
  path: "/talk/",
};
/** What must be nowhere any more. */
const STAND_INS = [
  "chat.example.org",
  /\b8080\b/,
  "9464",
  "/var/lib/rookery",
  "/var/backups/rookery",
  "/usr/local/bin/rookery",
];

Deno.test("all values are put in everywhere, and without values nothing changes", async () => {
  for (const file of EXAMPLES) {
    const text = await exampleText(file);
    equal(fillIn(text, {}), text, file.name);
    const filled = fillIn(text, VALUES);
    // The image has a place of its own for the program.
    const standIns = file.name === "dockerfile"
      ? STAND_INS.filter((part) => part !== "/usr/local/bin/rookery")
      : STAND_INS;
    for (const part of standIns) {
      ok(!(typeof part === "string" ? filled.includes(part) : part.test(filled)), `${part} in ${file.name}`);
    }
  }
});

Deno.test("a data folder outside /var/lib is opened to the service by name", async () => {
  const unit = await exampleText(EXAMPLES[0]!);
  const other = fillIn(unit, { data: "/srv/chat" });
  match(
    other,
    /^# Make it first: install -d -o rookery -g rookery -m 700 \/srv\/chat\nReadWritePaths=\/srv\/chat$/m,
  );
  ok(!other.includes("StateDirectory"));
  match(fillIn(unit, { data: "/var/lib/chats/one" }), /^StateDirectory=chats\/one$/m);
});

Deno.test("a path stands wherever it has to", async () => {
  const text = async (name: string) =>
    fillIn(await exampleText(EXAMPLES.find((file) => file.name === name)!), { path: "/chat/" });
  match(await text("nginx"), /^\tlocation \/chat\/ \{\n\t\tproxy_pass http:\/\/rookery\/;$/m);
  match(await text("nginx"), /^\tlocation = \/chat\/metrics \{$/m);
  match(await text("caddy"), /^\tredir \/chat \/chat\/\n\thandle_path \/chat\/\* \{$/m);
  match(await text("systemd"), /--url https:\/\/chat\.example\.org\/chat /);
  match(await text("compose"), /ROOKERY_URL: https:\/\/chat\.example\.org\/chat$/m);
});

Deno.test("values that would mean something else in a file are refused", () => {
  const wrong: [keyof Values, string][] = [
    ["domain", "chat.example.org; evil"],
    ["domain", "-a.example"],
    ["port", "0"],
    ["port", "65536"],
    ["port", "eighty"],
    ["data", "relative"],
    ["data", "/with space"],
    ["data", "/a/%n"],
    ["program", "/bin/a;b"],
    ["path", "chat"],
    ["path", "/chat"],
    ["path", "/"],
  ];
  for (const [name, value] of wrong) {
    throws(() => fillIn("", { [name]: value }), {
      name: "UsageError",
      message: new RegExp(`^--${name} must be `),
    });
  }
});

Deno.test("the program lists the files and prints one", async () => {
  await using place = new Place();
  const listing = await place.ok(["example"]);
  deepEqual([...listing.matchAll(/^ {2}(\S+) /gm)].map(([, name]) => name), EXAMPLES.map(({ name }) => name));
  const printed = await place.ok(["example", "nginx", "--domain", "chat.school.example", "--port", "8181"]);
  match(printed, /^\tserver_name chat\.school\.example;$/m);
  match(printed, /^\tserver 127\.0\.0\.1:8181;$/m);
  const wrong: [string[], RegExp][] = [
    [["example", "apache"], /^rookery: There is no example "apache": choose systemd, /],
    [["example", "--domain", "a.example"], /^rookery: --domain needs a NAME before it/],
    [["example", "nginx", "caddy"], /^rookery: Unexpected argument "caddy"/],
  ];
  for (const [args, message] of wrong) {
    const { code, stderr } = await place.run(args);
    equal(code, 2);
    match(stderr, message);
  }
});
