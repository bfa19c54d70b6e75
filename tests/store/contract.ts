/** What every store does, whatever it is made of. @module */
import type { AnyStore, Check } from "./check.ts";
import { accountContract } from "./contract_accounts.ts";
import { directoryContract } from "./contract_directory.ts";
import { eventContract } from "./contract_events.ts";
import { membershipContract } from "./contract_memberships.ts";
import { messageContract } from "./contract_messages.ts";

/** An empty store; disposing it removes every trace. */
export interface Made extends AsyncDisposable {
  readonly store: AnyStore;
}

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
