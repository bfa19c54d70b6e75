/** The cookie by which a browser is logged in, for pages that are opened without a login. @module */
import { cookiesOf } from "../../src/server/admission/credentials.ts";

/** Holds the session of this token at the server with this address for people, as playwright-core sets it. */
export function sessionCookie(url: string, token: string): { name: string; value: string; url: string } {
  const [pair] = cookiesOf(url).session.set(token, { secure: url.startsWith("https:") }).split(";");
  const name = pair!.slice(0, pair!.indexOf("="));
  return { name, value: token, url };
}
