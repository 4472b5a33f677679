/**
 * One process that can die at any instant: gates around the store and the ports of an engine.
 *
 * Invariants:
 * - After its death no gate lets anything through: calls never answer, alarms never ring, deferred work never runs. What a dead engine still computes
 *   reaches nobody, as with a process that was killed.
 * - A commit is applied whole before its gate closes, or not at all.
 */
import type { Cancelable, Clock, Ports } from "../core/ports.ts";
import { nodePorts } from "../embedded/node-ports.ts";
import { runningAttempt } from "../engine/async-context.ts";
import type { CommitRequest, CommitResult } from "../store/commit.ts";
import type { Store } from "../store/store.ts";
import type { Crew } from "./crew.ts";
import type { SeededIds } from "./seeded-ids.ts";

/** At which commit of the process it dies: before the commit is applied, or after that but before anybody is told. Commits count from 1. */
export interface CrashPoint {
  readonly commit: number;
  readonly when: "before" | "after";
}

/** What the effects of a process are made of. */
export interface PortParts {
  readonly clock: Clock;
  readonly ids: SeededIds;
  readonly crew: Crew;
  /** Called when the engine is about to do something. */
  readonly changed: () => void;
}

const never = <T>(): Promise<T> => new Promise<T>(() => {});

/** A process that can die. */
export class Mortal {
  /** How many commits it has asked for. */
  commits = 0;
  dead = false;
  /** Resolves when it dies. */
  readonly died: Promise<void>;
  readonly #crash: CrashPoint | undefined;
  readonly #buried: () => void;
  readonly #alarms: Set<Cancelable> = new Set();

  /** `crash`: where it dies by itself. */
  constructor(crash?: CrashPoint) {
    this.#crash = crash;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.died = promise;
    this.#buried = resolve;
  }

  /** Ends it at once. */
  die(): void {
    this.dead = true;
    for (const alarm of this.#alarms) alarm.cancel();
    this.#alarms.clear();
    this.#buried();
  }

  #gate<Args extends readonly unknown[], T>(
    work: (...args: Args) => Promise<T>,
  ): (...args: Args) => Promise<T> {
    return async (...args) => {
      if (this.dead) return never<T>();
      const answer = await work(...args);
      return this.dead ? never<T>() : answer;
    };
  }

  /** The store, as this process reaches it. With each commit that is applied `ids` are durable as far as they were made for it. */
  store(store: Store, ids: SeededIds): Store {
    const { runs, history, inbox, sessions, records } = store;
    return {
      runs: {
        byId: this.#gate((id) => runs.byId(id)),
        byKey: this.#gate((key) => runs.byKey(key)),
        list: this.#gate((filter) => runs.list(filter)),
        reserveKeys: this.#gate((count) => runs.reserveKeys(count)),
        due: this.#gate((query) => runs.due(query)),
        nextWake: this.#gate((after) => runs.nextWake(after)),
        claim: this.#gate((session, keys) => runs.claim(session, keys)),
        removeClosed: this.#gate((before, limit) => runs.removeClosed(before, limit)),
      },
      history: {
        read: this.#gate((key, from, limit) => history.read(key, from, limit)),
        last: this.#gate((key) => history.last(key)),
        heartbeats: this.#gate((key) => history.heartbeats(key)),
      },
      inbox: { read: this.#gate((key) => inbox.read(key)) },
      sessions: {
        open: this.#gate((label, leaseMs) => sessions.open(label, leaseMs)),
        renew: this.#gate((session, leaseMs) => sessions.renew(session, leaseMs)),
        close: this.#gate((session) => sessions.close(session)),
      },
      records: {
        get: this.#gate((collection, key) => records.get(collection, key)),
        list: this.#gate((collection, filter) => records.list(collection, filter)),
        put: this.#gate((collection, key, record) => records.put(collection, key, record)),
        remove: this.#gate((collection, key, condition) => records.remove(collection, key, condition)),
      },
      commit: this.#gate((request) => this.#commit(store, request, ids)),
      // Processes of a test come one after the other.
      isShared: () => false,
      listen: (wake) => store.listen((keys) => this.dead || wake(keys)),
      close: this.#gate(() => store.close()),
    };
  }

  async #commit(store: Store, request: CommitRequest, ids: SeededIds): Promise<CommitResult> {
    const due = ++this.commits === this.#crash?.commit ? this.#crash.when : undefined;
    if (due === "before") {
      this.die();
      return never();
    }
    ids.durable = ids.made;
    const result = await store.commit(request);
    if (due === "after") this.die();
    return result;
  }

  /** The effects, as this process has them. */
  ports(parts: PortParts): Ports {
    const { clock, ids, changed } = parts;
    return {
      clock: { now: clock.now, alarm: (at, ring) => this.#alarm(parts, at, ring) },
      ids,
      defer: (work) => {
        changed();
        nodePorts.defer(() => this.dead || work());
      },
      settle: () => (this.dead ? never() : nodePorts.settle()),
    };
  }

  /** An alarm that an attempt waits for makes it doze. */
  #alarm({ clock, crew }: PortParts, at: number, ring: () => void): Cancelable {
    if (this.dead) return { cancel: () => {} };
    const attempt = runningAttempt();
    const wake = attempt === undefined ? undefined : crew.doze(attempt);
    const over = (): void => {
      this.#alarms.delete(alarm);
      wake?.();
    };
    const alarm = clock.alarm(at, () => {
      over();
      ring();
    });
    this.#alarms.add(alarm);
    return {
      cancel: () => {
        over();
        alarm.cancel();
      },
    };
  }
}
