/**
 * The contract suite for stores: what `src/store/*.ts` says in words, as tests. Every implementation has to pass all of it.
 *
 * It needs no particular test runner: it is given a function that registers a test. Each case gets an empty database of its own and a clock that it
 * moves by itself; nothing in it waits for real time.
 */
import { claimCases } from "./store-contract-claims.ts";
import { commitCases } from "./store-contract-commit.ts";
import { dueCases } from "./store-contract-due.ts";
import { historyCases } from "./store-contract-history.ts";
import { inboxCases } from "./store-contract-inbox.ts";
import { listCases } from "./store-contract-list.ts";
import { recordCases } from "./store-contract-records.ts";
import { startCases } from "./store-contract-start.ts";
import { storeCases } from "./store-contract-store.ts";
import { textCases } from "./store-contract-text.ts";
import { type ContractDatabase, ContractWorld } from "./store-contract-world.ts";

/** How to get a store to test. */
export interface ContractSubject {
  /** Makes an empty database. `now` is the clock by which the store must judge leases (epoch milliseconds). */
  readonly create: (now: () => number) => Promise<ContractDatabase>;
}

/** What the suite needs of a test runner: a way to register a test, which fails if the promise rejects. */
export interface ContractHarness {
  readonly test: (name: string, run: () => Promise<void>) => void;
}

const cases = [
  ...startCases,
  ...commitCases,
  ...inboxCases,
  ...claimCases,
  ...dueCases,
  ...listCases,
  ...historyCases,
  ...textCases,
  ...recordCases,
  ...storeCases,
];

/** Registers one test for each case of the contract. `name` is what the implementation is called in the tests' names. */
export function storeContract(name: string, subject: ContractSubject, harness: ContractHarness): void {
  for (const { name: sentence, run } of cases) {
    harness.test(`${name}: ${sentence}`, async () => {
      const clock = { now: 1_000_000 };
      const database = await subject.create(() => clock.now);
      try {
        await run(new ContractWorld(database, clock));
      } finally {
        await database.dispose();
      }
    });
  }
}
