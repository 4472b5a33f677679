/** The store's inside: a memory store whose operations are watched as they happen, whoever asked for them. */
import type { CommitRequest } from "../../src/store/commit.ts";
import type { RunRow } from "../../src/store/runs.ts";
import type { Store } from "../../src/store/store.ts";
import type { MemoryDatabase } from "../../src/stores/memory/database.ts";
import type { Checker } from "./checker.ts";
import type { Findings } from "./violation.ts";

interface Inside {
  readonly db: MemoryDatabase;
  readonly checker: Checker;
  readonly findings: Findings;
}

/** Watches `store`, which works on the database inside. */
export function observedStore(store: Store, inside: Inside): Store {
  return {
    ...store,
    runs: { ...store.runs, claim: (session, keys) => claim(store, inside, { session, keys }) },
    commit: (request) => commit(store, inside, request),
  };
}

/** The rows as they are before an operation. */
function rowsOf({ db }: Inside, keys: readonly number[]): Map<number, RunRow> {
  const rows = new Map<number, RunRow>();
  for (const key of keys) {
    const row = db.state.runs.get(key)?.row;
    if (row !== undefined) rows.set(key, { ...row });
  }
  return rows;
}

function commit(store: Store, inside: Inside, request: CommitRequest): ReturnType<Store["commit"]> {
  const before = rowsOf(
    inside,
    request.runs.map(({ key }) => key),
  );
  // The memory store does all its work before it returns.
  const result = store.commit(request);
  for (const [key, { owner, head, id }] of before) {
    const grown = (inside.db.state.runs.get(key)?.row.head ?? 0) > head;
    inside.findings.check(
      !grown || owner === request.session,
      "L1",
      () => `${request.session} wrote to ${id}, which ${owner} holds`,
    );
  }
  inside.checker.look(request.session);
  return result;
}

function claim(
  store: Store,
  inside: Inside,
  { session, keys }: { readonly session: string; readonly keys: readonly number[] },
): ReturnType<Store["runs"]["claim"]> {
  const before = rowsOf(inside, keys);
  const result = store.runs.claim(session, keys);
  for (const [key, { owner, epoch, id }] of before) {
    const after = inside.db.state.runs.get(key)?.row;
    if (after === undefined || after.owner === owner) continue;
    const lease = owner === undefined ? undefined : inside.db.state.sessions.get(owner);
    const free = lease === undefined || lease.until <= inside.db.now();
    inside.findings.check(free, "L1", () => `${session} took ${id} from ${owner}, whose lease runs on`);
    inside.findings.check(
      after.epoch > epoch,
      "L1",
      () => `${session} took ${id} in the same epoch ${epoch}`,
    );
  }
  inside.checker.look();
  return result;
}
