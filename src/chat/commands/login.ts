import type { CommandBodies } from "../command.ts";
import { ChatError, Code } from "../error.ts";
import type { Event } from "../event.ts";
import type { Result } from "../reply.ts";
import { checkLine } from "../text.ts";
import { sessionEvents } from "./accounts.ts";
import { attempted, knownApplicant } from "./attempt.ts";
import { type Context, write } from "./spec.ts";

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
