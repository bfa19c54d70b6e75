/** The shape of what follows the log. @module */
import type { Change } from "../writer/batch_codec.ts";

/** What each kind of event does to the tables; kinds without an entry do nothing. */
export type Projection = Partial<Record<number, (change: Change) => void>>;
