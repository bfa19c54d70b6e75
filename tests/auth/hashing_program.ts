/** Hashes a password, says so, and stays until its standard input ends. */
import { PasswordPool } from "../../src/auth/password_pool.ts";
import { realClock } from "./fakes.ts";

using pool = new PasswordPool({ clock: realClock, cost: 4, workers: 1 });
await pool.hash("correct horse");
console.log("hashed");
for await (const _ of Deno.stdin.readable);
