/** `rookery user`: accounts, from the machine of the server. @module */
import type { User } from "../chat/model.ts";
import { exactly, readArguments } from "./arguments.ts";
import { type Action, group } from "./group.ts";
import { openOperator, type Operator } from "./operator.ts";
import { newPassword } from "./password.ts";
import { readRole, roleName, ROLES } from "./roles.ts";
import { say, sayJson } from "./say.ts";
import { table } from "./table.ts";

const FOLDER_FLAGS = { data: "text", config: "text" } as const;
const PASSWORD_OPTION = [
  "--password-stdin",
  "Read the password from standard input instead of asking",
] as const;

const add: Action = {
  name: "add",
  usage: "NAME [--role ROLE] [--display-name TEXT] [--password-stdin]",
  summary: "Creates an account",
  options: [
    ["--role ROLE", `${ROLES.join(", ")} (default member)`],
    ["--display-name TEXT", "Name that is shown"],
    PASSWORD_OPTION,
  ],
  async run(args) {
    const kinds = {
      ...FOLDER_FLAGS,
      role: "text",
      "display-name": "text",
      "password-stdin": "switch",
    } as const;
    const { flags, positionals } = readArguments(args, kinds);
    const { NAME: name } = exactly(positionals, ["NAME"]);
    const role = readRole(flags.role);
    const password = await newPassword({ fromStdin: flags["password-stdin"] });
    await using operator = await openOperator(flags);
    const user = await operator.execute("addUser", {
      name,
      password,
      displayName: flags["display-name"] ?? "",
      role,
    });
    say(`Added ${user.name} (${roleName(user.role)})`);
    return 0;
  },
};

const list: Action = {
  name: "list",
  usage: "[--json]",
  summary: "Lists all accounts by name",
  options: [["--json", "One JSON array"]],
  async run(args) {
    const { flags, positionals } = readArguments(args, { ...FOLDER_FLAGS, json: "switch" });
    exactly(positionals, []);
    await using operator = await openOperator(flags);
    const users = await allUsers(operator);
    if (flags.json) {
      const rows = users.map(({ id, name, displayName, role, disabled }) => ({
        id,
        name,
        displayName,
        role: roleName(role),
        disabled,
      }));
      sayJson(rows);
      return 0;
    }
    const rows = users.map((user) => [
      user.name,
      user.displayName,
      roleName(user.role),
      user.disabled ? "disabled" : "active",
    ]);
    say(
      rows.length === 0 ? "No accounts yet" : table(["NAME", "DISPLAY NAME", "ROLE", "STATE"], rows),
    );
    return 0;
  },
};

const passwd: Action = {
  name: "passwd",
  usage: "NAME [--password-stdin]",
  summary: "Gives an account another password and ends its sessions",
  options: [PASSWORD_OPTION],
  async run(args) {
    const { flags, positionals } = readArguments(args, { ...FOLDER_FLAGS, "password-stdin": "switch" });
    const { NAME: name } = exactly(positionals, ["NAME"]);
    const password = await newPassword({ fromStdin: flags["password-stdin"] });
    await using operator = await openOperator(flags);
    const { id: userId } = await requireUser(operator, name);
    await operator.execute("resetPassword", { userId, password });
    say(`${name} has another password; all sessions of the account have ended`);
    return 0;
  },
};

const role: Action = {
  name: "role",
  usage: "NAME ROLE",
  summary: `Gives an account another role: ${ROLES.join(", ")}`,
  options: [],
  async run(args) {
    const { flags, positionals } = readArguments(args, FOLDER_FLAGS);
    const { NAME: name, ROLE } = exactly(positionals, ["NAME", "ROLE"]);
    const role = readRole(ROLE, "ROLE");
    await using operator = await openOperator(flags);
    const { id: userId } = await requireUser(operator, name);
    await operator.execute("setUserRole", { userId, role });
    say(`${name} is ${roleName(role)} now`);
    return 0;
  },
};

function switchAction(disabled: boolean): Action {
  const name = disabled ? "disable" : "enable";
  return {
    name,
    usage: "NAME",
    summary: disabled ? "Locks an account out; its messages stay" : "Lets a disabled account in again",
    options: [],
    async run(args) {
      const { flags, positionals } = readArguments(args, FOLDER_FLAGS);
      const { NAME: who } = exactly(positionals, ["NAME"]);
      await using operator = await openOperator(flags);
      const { id: userId } = await requireUser(operator, who);
      await operator.execute("setUserDisabled", { userId, disabled });
      say(`${who} is ${name}d`);
      return 0;
    },
  };
}

async function allUsers(operator: Operator): Promise<User[]> {
  const users: User[] = [];
  for (;;) {
    const after = users.at(-1)?.name ?? "";
    const page = await operator.execute("listUsers", { prefix: "", after, limit: 0 });
    users.push(...page.users);
    if (!page.more) return users;
  }
}

async function requireUser(operator: Operator, name: string): Promise<User> {
  const { users } = await operator.execute("listUsers", { prefix: name, after: "", limit: 1 });
  const found = users.find((user) => user.name === name);
  if (!found) throw new Error(`No account is called ${JSON.stringify(name)}: see 'rookery user list'`);
  return found;
}

export const user = group("user", "Create, list and lock accounts", [
  add,
  list,
  passwd,
  role,
  switchAction(true),
  switchAction(false),
]);
