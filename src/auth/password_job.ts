/** What the password pool and its workers say to each other. @module */

/** One slow computation. `cost` is bcrypt's: 2^cost rounds. */
export type PasswordJob =
  | { readonly kind: "hash"; readonly password: string; readonly cost: number }
  | { readonly kind: "verify"; readonly password: string; readonly hash: string };

/** The encoded hash for "hash", whether it matched for "verify". */
export type PasswordResult = string | boolean;
