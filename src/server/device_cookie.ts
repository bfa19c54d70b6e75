/**
 * The cookie by which a browser is known again when somebody logs in there: an account that logged in from it is not slowed
 * down by strangers who guess. It lets nobody in, so it outlives the session.
 *
 * @module
 */
import type { CommandBody } from "../chat/command.ts";
import { isSecure } from "./credentials.ts";

const SECURE_COOKIE = "__Host-rookery-device";
const PLAIN_COOKIE = "rookery-device";
const CREDENTIAL = /^[\w-]{1,64}$/;
/** Browsers keep no cookie longer (RFC 6265bis, section 5.5). */
const MAX_AGE_S = 400 * 24 * 3600;

/** Set-Cookie for a device's credential; browsers that came over HTTPS get the strict one. */
export function deviceCookie(request: Request, credential: string): string {
  const secure = isSecure(request);
  const name = secure ? SECURE_COOKIE : PLAIN_COOKIE;
  return `${name}=${credential}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${MAX_AGE_S}${
    secure ? "; Secure" : ""
  }`;
}

/** The command, with the credential of the request's cookie when it is the login of a browser. */
export function withDevice(body: CommandBody, request: Request): CommandBody {
  if (body.case !== "login" || !body.value.cookie || body.value.deviceCredential !== "") return body;
  const name = isSecure(request) ? SECURE_COOKIE : PLAIN_COOKIE;
  for (const cookie of (request.headers.get("cookie") ?? "").split(";")) {
    const [key, value = ""] = cookie.trim().split("=");
    // Anything else is none of ours, and no reason to refuse the login.
    if (key === name && CREDENTIAL.test(value)) {
      return { case: "login", value: { ...body.value, deviceCredential: value } };
    }
  }
  return body;
}
