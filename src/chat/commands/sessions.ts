/** Sessions: logging in, logging out, listing and ending them. @module */
import type { CommandBodies } from "../command.ts";
import { ChatError, Code, notFound } from "../error.ts";
import type { DraftEvent, Event } from "../event.ts";
import type { User } from "../model.ts";
import { DONE, type Result } from "../reply.ts";
import { checkLine } from "../validation.ts";
import { requireAccount } from "./authorisation.ts";
import { type Context, read, write } from "./definition.ts";
import { attempted, knownApplicant } from "./password_attempt.ts";

interface Verified {
  readonly token: string;
  readonly tokenHash: string;
  /** Device that the account is known to log in from. */
  readonly deviceId: string | undefined;
  /** Hash that the password was right for; undefined when it was wrong. */
  readonly verifiedHash: string | undefined;
  /** The password hashed anew, when the cost has changed. */
  readonly freshHash: string | undefined;
  /** Hash that the account will have. */
  readonly passwordHash: string;
}

export const login = write<"login", Verified>({
  access: "anyone",
  first: "sessionStarted",
  check: (body, limits) => checkLine(body.device, { what: "Device name", bytesMax: limits.deviceBytes }),
  async prepare(body, context) {
    const name = nameOf(body);
    const user = context.facts.userByName(name);
    // An unknown or disabled account costs the same time as a wrong password.
    const hash = user && !user.disabled ? context.facts.passwordHash(user.id) : undefined;
    const userId = hash === undefined ? undefined : user?.id;
    const owner = { userId: userId ?? 0, passwordHash: hash ?? "", nowMs: context.now() };
    const deviceId = context.secrets.readDeviceCredential(body.deviceCredential, owner);
    const { ok, outdated } = await attempted(
      context,
      { name, userId, deviceId },
      async (applicant, admission) => {
        const verdict = await context.passwords.verify(body.password, hash, applicant);
        if (verdict.ok) admission.succeed();
        return verdict;
      },
    );
    const freshHash = ok && outdated
      ? await context.passwords.hash(body.password, knownApplicant(context, name))
      : undefined;
    return {
      ...context.secrets.newToken(),
      deviceId,
      verifiedHash: ok ? hash : undefined,
      freshHash,
      passwordHash: freshHash ?? hash ?? "",
    };
  },
  decide(body, context, { tokenHash, verifiedHash, freshHash }) {
    const user = context.facts.userByName(nameOf(body));
    // Another password or a lock-out may have come while this one was verified.
    const stillRight = user && !user.disabled && verifiedHash !== undefined &&
      context.facts.passwordHash(user.id) === verifiedHash;
    if (!stillRight) {
      throw new ChatError(Code.UNAUTHENTICATED, "Name or password is wrong");
    }
    const [started, ...ended] = sessionEvents(context, user, { device: body.device, tokenHash });
    const rehashed = freshHash === undefined
      ? []
      : [{ stream: user.id, body: { case: "passwordChanged", value: { passwordHash: freshHash } } } as const];
    return { events: [started!, ...rehashed, ...ended] };
  },
  result: sessionResult,
});

/** People's keyboards begin words with a capital. */
function nameOf({ name }: CommandBodies["login"]): string {
  // bounded: at the door (bounds.ts)
  return name.toLowerCase();
}

/** Result of a login or registration: its secrets appear here and nowhere else. */
export function sessionResult(
  first: Event,
  context: Context,
  prepared: Pick<Verified, "token" | "passwordHash"> & Partial<Pick<Verified, "deviceId">> | undefined,
): Result {
  if (first.body.case !== "sessionStarted" || prepared === undefined) {
    throw new ChatError(Code.INVALID_ARGUMENT, "A login cannot be repeated by its key: log in again");
  }
  const { sessionId } = first.body.value;
  const user = context.facts.user(first.stream)!;
  const { token, passwordHash, deviceId } = prepared;
  const owner = { userId: user.id, passwordHash, nowMs: context.now() };
  const deviceCredential = context.secrets.deviceCredential(owner, deviceId);
  return { case: "sessionToken", value: { token, user, sessionId, deviceCredential } };
}

export const logout = write<"logout">({
  first: "sessionEnded",
  decide(_body, context) {
    const { id } = requireAccount(context);
    return { events: endEvents(id, [context.principal.sessionId]) };
  },
});

export const listSessions = read<"listSessions">({
  run(_body, context) {
    const { id } = requireAccount(context);
    const sessions = context.reader.sessionsOf(id).map((session) => ({
      ...session,
      current: session.id === context.principal.sessionId,
    }));
    return { case: "sessionPage", value: { sessions } };
  },
});

export const revokeSessions = write<"revokeSessions">({
  first: "sessionEnded",
  decide(body, context) {
    const { id } = requireAccount(context);
    const sessions = context.facts.sessionsOf(id).filter((session) =>
      body.allOthers ? session.id !== context.principal.sessionId : session.id === body.sessionId
    );
    if (sessions.length === 0) return body.allOthers ? { events: [], unchanged: DONE } : notFound("session");
    return { events: endEvents(id, sessions.map((session) => session.id)) };
  },
});

/** The session's first event, whose token goes to the client alone. */
export function sessionEvents(
  context: Context,
  user: User,
  session: { readonly device: string; readonly tokenHash: string },
): DraftEvent[] {
  const crowded = context.facts.sessionsOf(user.id).slice(context.limits.sessionsPerUser - 1);
  return [
    {
      stream: user.id,
      body: { case: "sessionStarted", value: { sessionId: context.newId(), ...session } },
    },
    ...endEvents(user.id, crowded.map(({ id }) => id)),
  ];
}

/** Events that log devices out. */
export function endEvents(userId: number, sessionIds: readonly number[]): DraftEvent[] {
  return sessionIds.map((sessionId) => ({
    stream: userId,
    body: { case: "sessionEnded", value: { sessionId } },
  }));
}
