/** What the parts of the contract are written with. @module */
import type { EventWriter, StoreReader } from "../../src/chat/ports.ts";

export type AnyStore = StoreReader & EventWriter;

/** Declares one test: a behaviour of a symbol of the store. */
export type Check = (behaviour: string, test: (store: AnyStore) => Promise<void>) => void;
