/** Where the page was loaded from. @module */

/** Address of the server, with the path that a proxy may have put in front; it ends in a slash. */
export const BASE = new URL(".", location.origin + location.pathname).href;

/** Two servers below one origin keep their things apart. */
export const PATH = new URL(BASE).pathname;

/** Passwords and messages travel readable, and the address is not this machine's own. */
export const UNPROTECTED = location.protocol === "http:" &&
  !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname);
