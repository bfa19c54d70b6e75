/** What the password pool and its workers say to each other. @module */

/** One slow computation. `cost` is bcrypt's: 2^cost rounds; a wrong password takes as many at least. */
export type PasswordJob =
  | { readonly kind: "hash"; readonly password: string; readonly cost: number }
  | {
    readonly kind: "verify";
    /** Tried one after the other. */
    readonly passwords: readonly string[];
    readonly hash: string;
    readonly cost: number;
  };

/** The encoded hash for "hash"; which password matched for "verify", -1 for none. */
export type PasswordResult = string | number;
