/** Pages without the web client: how to get in when it was not built, where nothing is, and a name that is not ours. @module */
import { pageResponse, textResponse } from "../requests/response.ts";

/** RFC 9110, section 15.5.20. */
const MISDIRECTED = 421;
const UNKNOWN_NAME = "This server does not know the name in this address";
const TELL_NAME =
  "start it with --hosts and that name, as in --hosts chat.local; or with --url and the address that " +
  "people use, as in --url http://chat.local:8080, which is also what links then lead to";

/** A page without script; invite links end up here too, their secret stays in the browser. */
export function landingPage(
  request: Request,
  { name, version }: { readonly name: string; readonly version: string },
): Response {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return textResponse("Method not allowed\n", { status: 405 });
  }
  return pageOf(request, {
    title: escaped(name),
    body: `<p>A Rookery chat server, version ${escaped(version)}, is running here.</p>
<p>Its web client was not built: run <code>deno task web</code> and start the server again. Or connect with the terminal client: <code>deno task chat</code> followed by this page's address, or by the whole
invite link that brought you here.</p>
<p>Programs use <code>/api/v1/</code>; see SPEC.md.</p>`,
  });
}

/** What stands at an address where nothing is: for people with a way to the chat. */
export function notFound(request: Request, pathname: string): Response {
  if (!wantsPage(request)) return textResponse("Not found\n", { status: 404 });
  // Relative, so that it leads to the server also below a path that a proxy puts in front.
  const top = "../".repeat(pathname.split("/").length - 2) || "./";
  return pageOf(request, {
    status: 404,
    title: "Nothing is at this address",
    body: `<p>A link may have been cut off. <a href="${top}">Go to the chat</a></p>`,
  });
}

/**
 * What is told to those who come by a name that the server does not know as its own. The name itself stands in no
 * answer; `url` is the public address, if one is configured.
 */
export function misdirected(request: Request, url: string | undefined): Response {
  if (url !== undefined) {
    if (!wantsPage(request)) return textResponse(`This chat is at ${url}\n`, { status: MISDIRECTED });
    return pageOf(request, {
      status: MISDIRECTED,
      title: "The chat has another address",
      body: `<p><a href="${escaped(url)}">${escaped(url)}</a></p>`,
    });
  }
  if (!wantsPage(request)) return textResponse(`${UNKNOWN_NAME}: ${TELL_NAME}\n`, { status: MISDIRECTED });
  return pageOf(request, {
    status: MISDIRECTED,
    title: UNKNOWN_NAME,
    body:
      `<p>A stranger's domain could lead here, too, so the chat opens only under names that it was told.</p>
<p>If you run this server: ${TELL_NAME}.</p>`,
  });
}

function wantsPage(request: Request): boolean {
  return (request.headers.get("accept") ?? "").includes("text/html");
}

/** A page of one heading; all parts are markup already. */
function pageOf(
  request: Request,
  { title, body, status = 200 }: { readonly title: string; readonly body: string; readonly status?: number },
): Response {
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<h1>${title}</h1>
${body}
</html>
`;
  return pageResponse(request, html, status);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
