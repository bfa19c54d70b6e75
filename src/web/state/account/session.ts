/** Who is logged in: from the address bar and the browser's memory to the right screen, and back. @module */
import { signal } from "@preact/signals";
import { login, register, type RookeryError } from "../../../client/mod.ts";
import { BASE, NAMESPACE } from "../../base.ts";
import { keepAlerting } from "../notifications/alerts.ts";
import { t } from "../../i18n/i18n.ts";
import { refusal } from "../../i18n/refusal.ts";
import { Chat } from "../shell/chat.ts";
import { deviceName } from "./device.ts";
import { askAbout, inviteRefusal } from "../invites/invitation.ts";
import { keepTellingOfJoined } from "../invites/joined.ts";
import { attempt, notify } from "../shell/notices.ts";
import { keepReading } from "../messages/reading.ts";
import { inviteIn, restoreAddress } from "../shell/route.ts";
import { followServer, loadServer, nameServer } from "../server/server.ts";
import { onStored, store, stored } from "../shell/storage.ts";
import { keepTitle } from "../shell/title.ts";
import { keepNewest } from "../shell/newer_page.ts";

export type Screen =
  | { readonly name: "loading" }
  /** `invite` is the code of an invite link; empty without one. */
  | { readonly name: "sign-in"; readonly invite: string; readonly notice: string }
  | { readonly name: "chat"; readonly chat: Chat }
  /** Nothing goes on without loading the page again. */
  | { readonly name: "broken"; readonly reason: string };

export const screen = signal<Screen>({ name: "loading" });

/** The invite outlives a reload of the tab and logging out, and nothing else. */
const INVITE = `${NAMESPACE}invite`;
const USER = "user";

/** Decides what to show first. */
export function boot(): void {
  const invite = takeInvite();
  const userId = stored<number>(USER);
  void loadServer();
  onStored(new AbortController().signal, (name) => {
    // Another tab has logged in as somebody else, or out.
    if (name === USER && stored(USER) !== currentUser()) location.reload();
  });
  // A link that is opened where the page is open already changes nothing but what stands behind #.
  addEventListener("hashchange", () => {
    const fresh = takeInvite();
    if (fresh === "") return;
    if (screen.value.name === "chat") void tellOf(fresh);
    else signIn({ invite: fresh });
  });
  if (userId === undefined) return signIn({ invite: invite || keptInvite() });
  if (invite) void tellOf(invite);
  openChat(userId);
}

export async function logIn(name: string, password: string): Promise<void> {
  const { user } = await login(BASE, { name, password, device: deviceName(), cookie: true });
  enter(user.id);
}

/** Creates an account and logs it in; the first owner's may give the server another name. */
export async function join(
  account: {
    readonly name: string;
    readonly displayName: string;
    readonly password: string;
    readonly inviteCode: string;
  },
  { serverName }: { readonly serverName?: string | undefined } = {},
): Promise<void> {
  const { user } = await register(BASE, { ...account, device: deviceName(), cookie: true })
    .catch((error: RookeryError) => {
      // The invite may have come to its end while the form was filled in: the page says so in its own words.
      if (error.code === "permission_denied" && account.inviteCode !== "") void askAbout(account.inviteCode);
      throw error;
    });
  // The account is there whatever becomes of the name.
  if (serverName !== undefined) {
    await nameServer(serverName).catch((error) => notify(refusal(error), { kind: "error" }));
  }
  enter(user.id);
}

/** Ends the session on the server, too. */
export async function logOut(chat: Chat): Promise<void> {
  if (!await attempt(chat.client.logout())) return;
  leave({ invite: keptInvite() });
}

/** The invite is of no use. */
export function forgetInvite(): void {
  try {
    sessionStorage.removeItem(INVITE);
  } catch {
    // Nothing was kept then.
  }
}

function enter(userId: number): void {
  forgetInvite();
  store(USER, userId);
  openChat(userId);
}

function leave(how: { invite?: string; notice?: string }): void {
  store(USER, undefined);
  const { value } = screen;
  if (value.name === "chat") void value.chat[Symbol.asyncDispose]();
  signIn(how);
}

function openChat(userId: number): void {
  const ended = (error: RookeryError | undefined) => {
    if (error?.code === "unauthenticated") leave({ notice: t("sessionEnded") });
    else if (error) screen.value = { name: "broken", reason: error.message };
  };
  const chat = new Chat(userId, { ended });
  screen.value = { name: "chat", chat };
  followServer(chat.client);
  keepTitle(chat);
  keepReading(chat);
  keepAlerting(chat);
  keepNewest(chat);
  keepTellingOfJoined(chat);
}

function signIn({ invite = "", notice = "" }): void {
  document.title = "Rookery";
  screen.value = { name: "sign-in", invite, notice };
  if (invite) void askAbout(invite);
}

/** Whoever is logged in has no use for an invite now. */
async function tellOf(invite: string): Promise<void> {
  const answer = await askAbout(invite);
  if (answer.name === "refused") {
    forgetInvite();
    notify(inviteRefusal(answer.state), { kind: "error" });
  } else notify(t("inviteWhileLoggedIn"));
}

function currentUser(): number | undefined {
  return screen.value.name === "chat" ? screen.value.chat.client.replica.me?.id ?? stored(USER) : undefined;
}

/** The secret behind # leaves the address bar and with it the browser's history. */
function takeInvite(): string {
  const code = inviteIn(location.hash);
  if (code === "") return "";
  try {
    sessionStorage.setItem(INVITE, code);
  } catch {
    // It lasts until the page is loaded again.
  }
  restoreAddress();
  return code;
}

function keptInvite(): string {
  try {
    return sessionStorage.getItem(INVITE) ?? "";
  } catch {
    return "";
  }
}
