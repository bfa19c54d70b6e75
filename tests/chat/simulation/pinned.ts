/**
 * Seeds that have found something once, and always run. A seed means something only to the simulation that
 * it was found by: whoever changes what happens in it looks for others.
 *
 * @module
 */
export const PINNED: readonly { readonly seed: number; readonly found: string }[] = [];
