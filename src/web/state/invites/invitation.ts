/** What the invite link is worth that brought somebody here. @module */
import { signal } from "@preact/signals";
import { checkInvite, InviteState, type ServerRole } from "../../../client/mod.ts";
import { BASE } from "../../base.ts";
import type { Key } from "../../i18n/catalogue.ts";
import { t } from "../../i18n/i18n.ts";
import { refusal } from "../../i18n/refusal.ts";

export type Invitation =
  | { readonly name: "checking" }
  /** `firstOwner`: the server is new, and whoever makes an account becomes its owner. */
  | { readonly name: "usable"; readonly role: ServerRole; readonly firstOwner: boolean }
  | { readonly name: "refused"; readonly state: InviteState }
  /** The server could not be asked. */
  | { readonly name: "unchecked"; readonly reason: string };

export const invitation = signal<Invitation>({ name: "checking" });

const REASONS: Readonly<Partial<Record<InviteState, Key>>> = {
  [InviteState.UNKNOWN]: "inviteUnknown",
  [InviteState.REVOKED]: "inviteRevoked",
  [InviteState.EXPIRED]: "inviteExpired",
  [InviteState.USED_UP]: "inviteUsedUp",
  [InviteState.OWNED]: "inviteOwned",
  [InviteState.CLOSED]: "inviteClosed",
};
let askedLast = "";

/** Asks the server, before anybody fills in a form. */
export async function askAbout(code: string): Promise<Invitation> {
  // A form that is being filled in stays while the same invite is asked about again.
  if (code !== askedLast || invitation.value.name !== "usable") invitation.value = { name: "checking" };
  askedLast = code;
  const answer = await ask(code);
  if (code === askedLast) invitation.value = answer;
  return answer;
}

/** Why an invite lets nobody in, and what to do. */
export function inviteRefusal(state: InviteState): string {
  return t(REASONS[state] ?? "inviteRevoked");
}

async function ask(code: string): Promise<Invitation> {
  try {
    const { state, role, firstOwner } = await checkInvite(BASE, code);
    return state === InviteState.USABLE ? { name: "usable", role, firstOwner } : { name: "refused", state };
  } catch (error) {
    return { name: "unchecked", reason: refusal(error) };
  }
}
