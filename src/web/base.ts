/** Where the page was loaded from. @module */

/** Address of the server, with the path that a proxy may have put in front; it ends in a slash. */
export const BASE = new URL(".", location.origin + location.pathname).href;

/** Two servers below one origin keep their things apart. */
export const PATH = new URL(BASE).pathname;

/** The address is this machine's own: nobody else reaches it. */
export const LOOPBACK = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname);

/** Passwords and messages travel readable. */
export const UNPROTECTED = location.protocol === "http:" && !LOOPBACK;
