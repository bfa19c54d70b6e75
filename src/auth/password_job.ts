/** What the password pool and its workers say to each other. @module */

/** One slow computation. `cost` is bcrypt's: 2^cost rounds; a wrong password takes as many at least. */
export type PasswordJob =
  | { readonly kind: "hash"; readonly password: string; readonly cost: number }
  | { readonly kind: "verify"; readonly password: string; readonly hash: string; readonly cost: number };

/** The encoded hash for "hash", whether it matched for "verify". */
export type PasswordResult = string | boolean;
