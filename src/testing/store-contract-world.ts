/** What the cases of the store contract work with: a database of their own, a clock that they move, and short ways to write runs. */
import assert from "node:assert/strict";
import type { CommitResult, NewRun, RunState, RunWrite } from "../store/commit.ts";
import type { NewMessage } from "../store/inbox.ts";
import type { RunRow } from "../store/runs.ts";
import type { Store } from "../store/store.ts";

/** One database under test. */
export interface ContractDatabase {
  /** A store on the database, to begin with. */
  readonly store: Store;
  /** One more store on the same data, as another process would open it. Absent if the store admits one process only. */
  readonly another?: (() => Promise<Store>) | undefined;
  /** Closes the store and opens the data again, as a new process would. Absent if the data ends with the store. */
  readonly reopen?: (() => Promise<Store>) | undefined;
  /** Closes what is open and deletes the data. */
  dispose(): Promise<void>;
}

/** A case: a sentence of the contract, and what shows that it holds. */
export interface ContractCase {
  readonly name: string;
  readonly run: (world: ContractWorld) => Promise<void>;
}

export const minute: number = 60_000;

/** The state of a run that waits for others. */
export const waiting: RunState = { status: "running", paused: false };

/** The state of a run that completed at the given time. */
export function completed(closedAt: number): RunState {
  return { status: "completed", paused: false, closedAt };
}

/** What a run is to begin with, where it differs from the usual. */
export interface Beginning extends Partial<NewRun> {
  readonly epoch?: number | undefined;
  readonly state?: RunState | undefined;
}

/** The write that creates a run with one event. */
export function birth(key: number, id: string, beginning: Beginning = {}): RunWrite {
  const { epoch = 1, state = waiting, ...fields } = beginning;
  const create: NewRun = {
    id,
    generation: 1,
    workflow: "orders",
    createdAt: 1_000,
    operation: `start ${id}`,
    ...fields,
  };
  return { key, create, epoch, head: 0, events: '["born"]', count: 1, state };
}

/** The write that adds one event to a run as it stands. */
export function step(row: RunRow, change: Partial<RunWrite> = {}): RunWrite {
  return {
    key: row.key,
    epoch: row.epoch,
    head: row.head,
    events: '["step"]',
    count: 1,
    state: waiting,
    ...change,
  };
}

/** A message from outside; its body is its operation. */
export function message(to: NewMessage["to"], operation: string): NewMessage {
  return { to, operation, body: `"${operation}"` };
}

/** Fields that are there and have a value: `undefined` and absent are the same in the contract. */
export function present(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}

/** True if the error has this code of the catalogue. */
export function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Error && "code" in error && error.code === code;
}

/** One case's database, clock and helpers. */
export class ContractWorld {
  store: Store;
  readonly #database: ContractDatabase;
  readonly #clock: { now: number };
  #operations = 0;

  constructor(database: ContractDatabase, clock: { now: number }) {
    this.store = database.store;
    this.#database = database;
    this.#clock = clock;
  }

  /** Moves the store's clock. */
  pass(ms: number): void {
    this.#clock.now += ms;
  }

  /** A session with a lease of one minute if nothing else is said. */
  async session(leaseMs: number = minute): Promise<string> {
    return await this.store.sessions.open("a worker", leaseMs);
  }

  async commit(
    session: string,
    runs: readonly RunWrite[],
    messages: readonly NewMessage[] = [],
  ): Promise<CommitResult> {
    this.#operations += 1;
    return await this.store.commit({ session, operation: `commit ${this.#operations}`, runs, messages });
  }

  /** A new run with one event, and its row. */
  async start(session: string, id: string, beginning: Beginning = {}): Promise<RunRow> {
    const key = await this.store.runs.reserveKeys(1);
    const result = await this.commit(session, [birth(key, id, beginning)]);
    assert.deepEqual(result, { fenced: [], duplicates: [], receipts: [], notified: [] });
    return await this.row(key);
  }

  /** Writes to a run as it stands, and returns its row after that. */
  async advance(session: string, key: number, change: Partial<RunWrite> = {}): Promise<RunRow> {
    const result = await this.commit(session, [step(await this.row(key), change)]);
    assert.deepEqual(result.fenced, []);
    return await this.row(key);
  }

  async row(key: number): Promise<RunRow> {
    const row = await this.store.runs.byKey(key);
    assert.ok(row !== undefined, `run ${key} exists`);
    return row;
  }

  /** All events of a run, in order, each chunk checked to begin where the one before ended. */
  async events(key: number): Promise<unknown[]> {
    const events: unknown[] = [];
    for (const chunk of await this.store.history.read(key, 1, 1_000_000)) {
      assert.equal(chunk.seq, events.length + 1, "numbers are dense");
      events.push(...(JSON.parse(chunk.events) as unknown[]));
    }
    return events;
  }

  /** The operations of the messages that wait for a run. */
  async inbox(key: number): Promise<string[]> {
    return (await this.store.inbox.read(key)).map(({ operation }) => operation);
  }

  /** A second store on the data; the same one where there can be only one. */
  async another(): Promise<Store> {
    return (await this.#database.another?.()) ?? this.store;
  }

  /** True if several processes can use the data. */
  get shared(): boolean {
    return this.#database.another !== undefined;
  }

  /** Opens the data again, as far as that is possible. */
  async reopen(): Promise<void> {
    if (this.#database.reopen !== undefined) this.store = await this.#database.reopen();
  }
}
