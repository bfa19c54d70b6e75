/** Where the page was loaded from. @module */

/** Address of the server, with the path that a proxy may have put in front; it ends in a slash. */
export const BASE = new URL(".", location.origin + location.pathname).href;

/** Begins every name in what a browser shares within an origin: two servers below one keep their things apart. */
export const NAMESPACE = `rookery:${new URL(BASE).pathname}:`;

/** The address is this machine's own: nobody else reaches it. */
export const LOOPBACK = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname);

/** Passwords and messages travel readable. */
export const UNPROTECTED = location.protocol === "http:" && !LOOPBACK;
