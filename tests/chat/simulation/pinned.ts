/**
 * Seeds that have found something once, and always run. A seed means something only to the simulation that
 * it was found by: whoever changes what happens in it looks for others.
 *
 * @module
 */
export const PINNED: readonly { readonly seed: number; readonly found: string }[] = [
  { seed: 45, found: "the SDK gave up what an ended session could not send, though it may have been stored" },
  {
    seed: 3423,
    found: "a deletion was taken off the unread count by the welcome, and again when it was told",
  },
  { seed: 10370, found: "the same" },
];
