/** Texts that cost a careless reader most. @module */

/** Marks that normalisation has to put in order: more of them than it can do in linear time. */
export const WORST_NAME = `a${"\u0345".repeat(15_900)}${"\u0327".repeat(15_900)}`;

/** A mention whose end is looked for again at every dot. */
export const WORST_MENTION = `@a${".".repeat(16_370)}b`;
