/** How the terminal client gets its session. @module */
import {
  checkInvite,
  InviteState,
  login,
  register,
  request,
  RookeryError,
  serverInfo,
} from "../../client/mod.ts";
import { askTwice } from "../password.ts";
import { Prompter } from "../prompter.ts";
import { complain } from "../say.ts";
import { UsageError } from "../subcommand.ts";
import type { ServerTarget } from "./address.ts";
import { findSession, type SavedSession, saveSession, sessionFile } from "./sessions.ts";
import { neutralLine } from "./text.ts";

/** What the command line says about signing in. */
export interface SignInOptions {
  /** Account to use; undefined asks, or takes the one used last. */
  readonly name: string | undefined;
  /** Reads the password instead of asking for it. */
  readonly readPassword: (() => Promise<string>) | undefined;
  /** Whether sessions are kept in a file. */
  readonly save: boolean;
}

const DEVICE = "Terminal";

/** A session's token: the saved one, or one for a name and password. */
export async function signIn(target: ServerTarget, options: SignInOptions): Promise<string> {
  const file = options.save ? sessionFile() : undefined;
  const saved = file && !target.inviteCode && !options.readPassword
    ? await findSession(file, target.base, options.name)
    : undefined;
  if (saved && await stillGood(target.base, saved.token)) {
    await keep(file, target.base, saved);
    return saved.token;
  }
  const session = await newSession(target, options, file);
  await keep(file, target.base, session);
  return session.token;
}

async function stillGood(base: string, token: string): Promise<boolean> {
  try {
    await request(base, ["listSessions", {}], { token });
    return true;
  } catch (error) {
    if (error instanceof RookeryError && error.code === "unauthenticated") return false;
    throw error;
  }
}

async function keep(
  file: string | undefined,
  base: string,
  session: SavedSession,
): Promise<void> {
  if (file === undefined) return;
  await saveSession(file, base, session).catch((error) => {
    complain(`the session is not saved: ${error instanceof Error ? error.message : error}`);
  });
}

async function newSession(
  target: ServerTarget,
  options: SignInOptions,
  file: string | undefined,
): Promise<SavedSession> {
  const { readPassword } = options;
  if (readPassword) {
    if (options.name === undefined) throw new UsageError("--password-stdin needs --user NAME");
    return await enter(target, { name: options.name, password: await readPassword() }, file);
  }
  if (!Deno.stdin.isTerminal()) {
    throw new UsageError(
      "Not signed in: give --user NAME and --password-stdin, or run it in a terminal once",
    );
  }
  const info = await serverInfo(target.base);
  const task = target.inviteCode === undefined ? "" : `: ${await taskOf(target.base, target.inviteCode)}`;
  using prompter = new Prompter();
  prompter.say(`${neutralLine(info.name)} at ${target.base}${task}`);
  for (;;) {
    const name = options.name ?? (await prompter.ask("Name: ")).trim();
    if (name === "") continue;
    const password = target.inviteCode
      ? await askTwice(prompter)
      : await prompter.ask("Password: ", { hidden: true });
    try {
      return await enter(target, { name, password }, file);
    } catch (error) {
      const again = error instanceof RookeryError && error.code !== "unavailable" &&
        error.code !== "internal" &&
        error.code !== "permission_denied";
      if (!again) throw error;
      prompter.say(neutralLine(error.message));
    }
  }
}

/** What an invite asks for. Throws when it lets nobody in, before anybody has typed a password twice. */
async function taskOf(base: string, inviteCode: string): Promise<string> {
  const { state, reason, firstOwner } = await checkInvite(base, inviteCode);
  if (state !== InviteState.USABLE) throw new RookeryError("permission_denied", reason);
  return firstOwner ? "make your account, the owner's" : "make your account";
}

async function enter(
  { base, inviteCode }: ServerTarget,
  { name, password }: { readonly name: string; readonly password: string },
  file: string | undefined,
): Promise<SavedSession> {
  const device = { device: DEVICE };
  const { user, token, deviceCredential } = inviteCode === undefined
    ? await login(base, { name, password, ...device, ...await knownAs({ base, name }, file) })
    : await register(base, { name, password, inviteCode, ...device });
  return { name: user.name, token, deviceCredential };
}

/** What this device is known by, after an earlier session of the same name on the same server. */
async function knownAs(
  { base, name }: { readonly base: string; readonly name: string },
  file: string | undefined,
): Promise<{ deviceCredential?: string }> {
  const { deviceCredential } = file === undefined ? {} : await findSession(file, base, name) ?? {};
  return deviceCredential ? { deviceCredential } : {};
}
