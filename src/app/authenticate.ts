/** Who holds a token, at each of the server's doors. @module */
import { OPERATOR, type Principal } from "../chat/model.ts";
import type { Core } from "./core.ts";

/** Undefined when it is nobody's any more. The operator's socket knows the operator alone, and the port everybody else. */
export function authenticate(
  core: Core,
  token: string,
  { operator }: { readonly operator: boolean },
): Principal | undefined {
  if (!operator) return core.chat.authenticate(token);
  return core.secrets.isOperatorToken(token) ? OPERATOR : undefined;
}
