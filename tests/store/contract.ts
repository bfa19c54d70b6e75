/** What every store does, whatever it is made of. @module */
import type { EventWriter, StoreReader } from "../../src/chat/ports.ts";
import { accountContract } from "./contract_accounts.ts";
import { directoryContract } from "./contract_directory.ts";
import { eventContract } from "./contract_events.ts";
import { membershipContract } from "./contract_memberships.ts";
import { messageContract } from "./contract_messages.ts";

export type AnyStore = StoreReader & EventWriter;

/** An empty store; disposing it removes every trace. */
export interface Made extends AsyncDisposable {
  readonly store: AnyStore;
}

/** Declares one test: a behaviour of a symbol of the store. */
export type Check = (behaviour: string, test: (store: AnyStore) => Promise<void>) => void;

export function contract(name: string, makeStore: () => Promise<Made>): void {
  const check: Check = (behaviour, test) =>
    Deno.test(`${name}.${behaviour}`, async () => {
      await using made = await makeStore();
      await test(made.store);
    });
  eventContract(check);
  messageContract(check);
  membershipContract(check);
  directoryContract(check);
  accountContract(check);
}
