import { denied } from "../error.ts";
import { type Invite, InviteState, Registration, ServerRole } from "../model.ts";
import { checkLine, checkPassword, checkUserName, normalDisplayName } from "../text.ts";
import { newAccount, sessionEvents } from "./accounts.ts";
import { attempted } from "./attempt.ts";
import { inviteOf, openChannels, REFUSALS } from "./invites.ts";
import { type Context, write } from "./spec.ts";
import { sessionResult } from "./login.ts";

export const register = write<"register", { passwordHash: string; token: string; tokenHash: string }>({
  access: "anyone",
  first: "sessionStarted",
  check(body, limits) {
    checkUserName(body.name, limits);
    checkPassword(body.password, limits);
    normalDisplayName(body.displayName, limits);
    checkLine(body.device, { what: "Device name", bytesMax: limits.deviceBytes });
  },
  async prepare(body, context) {
    // Refused before a worker spends time on the password.
    requireEntry(context, body.inviteCode);
    const passwordHash = await attempted(
      context,
      { name: body.name },
      (applicant) => context.passwords.hash(body.password, applicant),
    );
    return { passwordHash, ...context.secrets.newToken() };
  },
  decide(body, context, { passwordHash, tokenHash }) {
    const invite = requireEntry(context, body.inviteCode);
    const { user, events } = newAccount(context, {
      name: body.name,
      displayName: normalDisplayName(body.displayName, context.limits),
      role: invite?.role ?? ServerRole.MEMBER,
      passwordHash,
      channelIds: invite ? openChannels(context, invite) : [],
    });
    const [started] = sessionEvents(context, user, { device: body.device, tokenHash });
    const used = invite
      ? [
        {
          stream: 1,
          body: { case: "inviteUsed", value: { inviteId: invite.id, creatorId: invite.creatorId } },
        } as const,
      ]
      : [];
    // The account must exist before its session, yet the reply is made of the session's event.
    return { events: [started!, ...events, ...used] };
  },
  result: sessionResult,
});

/** The invite that lets the caller in; undefined where registration is open. */
function requireEntry(context: Context, inviteCode: string): Invite | undefined {
  if (inviteCode === "") {
    if (context.registration === Registration.OPEN) return undefined;
    denied(
      context.registration === Registration.INVITE
        ? "Registration is by invite: open the invite link"
        : REFUSALS[InviteState.CLOSED],
    );
  }
  const { state, invite } = inviteOf(context, inviteCode);
  return state === InviteState.USABLE ? invite : denied(REFUSALS[state]);
}
