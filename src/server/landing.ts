/** Pages without the web client: what runs here and how to get in when it was not built, and where nothing is. @module */
import { pageResponse, textResponse } from "./response.ts";

/** A page without script; invite links end up here too, their secret stays in the browser. */
export function landingPage(
  request: Request,
  { name, version }: { readonly name: string; readonly version: string },
): Response {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return textResponse("Method not allowed\n", { status: 405 });
  }
  const title = escaped(name);
  const body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<h1>${title}</h1>
<p>A Rookery chat server, version ${escaped(version)}, is running here.</p>
<p>Its web client was not built: run <code>deno task web</code> and start the server again. Or connect with the terminal client: <code>deno task chat</code> followed by this page's address, or by the whole
invite link that brought you here.</p>
<p>Programs use <code>/api/v1/</code>; see SPEC.md.</p>
</html>
`;
  return pageResponse(request, body);
}

/** What stands at an address where nothing is: for people with a way to the chat. */
export function notFound(request: Request, pathname: string): Response {
  if (!(request.headers.get("accept") ?? "").includes("text/html")) {
    return textResponse("Not found\n", { status: 404 });
  }
  // Relative, so that it leads to the server also below a path that a proxy puts in front.
  const top = "../".repeat(pathname.split("/").length - 2) || "./";
  const body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Not found</title>
<h1>Nothing is at this address</h1>
<p>A link may have been cut off. <a href="${top}">Go to the chat</a></p>
</html>
`;
  return pageResponse(request, body, 404);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
