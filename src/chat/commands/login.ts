import type { CommandBodies } from "../command.ts";
import { ChatError, Code } from "../error.ts";
import type { Event } from "../event.ts";
import type { Result } from "../reply.ts";
import { checkLine } from "../text.ts";
import { sessionEvents } from "./accounts.ts";
import { attempted } from "./attempt.ts";
import { type Context, write } from "./spec.ts";

interface Verified {
  readonly token: string;
  readonly tokenHash: string;
  /** Hash that the password was right for; undefined when it was wrong. */
  readonly verifiedHash: string | undefined;
  /** The password hashed anew, when the cost has changed. */
  readonly freshHash: string | undefined;
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
    const { ok, outdated } = await attempted(
      context,
      name,
      () => context.passwords.verify(body.password, hash),
    );
    if (ok) context.throttle.succeeded({ name, address: context.address });
    return {
      ...context.secrets.newToken(),
      verifiedHash: ok ? hash : undefined,
      freshHash: ok && outdated ? await context.passwords.hash(body.password) : undefined,
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

/** Result of a login or registration: the token appears here and nowhere else. */
export function sessionResult(
  first: Event,
  context: Context,
  prepared: { readonly token: string } | undefined,
): Result {
  if (first.body.case !== "sessionStarted" || prepared === undefined) {
    throw new ChatError(Code.INVALID_ARGUMENT, "A login cannot be repeated by its key: log in again");
  }
  const { sessionId } = first.body.value;
  const user = context.facts.user(first.stream)!;
  return { case: "sessionToken", value: { token: prepared.token, user, sessionId } };
}
