/** Who holds a token, at a door that the network reaches. @module */
import { OPERATOR, type Principal } from "../chat/model.ts";
import { isLoopback } from "../server/address.ts";
import type { Core } from "./core.ts";

/** Undefined when it is nobody's any more. The operator's is believed on this machine alone. */
export function authenticate(
  core: Core,
  { token, peer, host }: { token: string; peer: string; host: string },
): Principal | undefined {
  // From this machine: over loopback, or over the one address that the server listens on.
  if ((isLoopback(peer) || peer === host) && core.secrets.isOperatorToken(token)) return OPERATOR;
  return core.chat.authenticate(token);
}
