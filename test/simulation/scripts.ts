/** What clients do: start runs, send them letters, updates and orders, ask them, wait for them. All of it decided by the dice. */
import {
  CanceledError,
  DarumaError,
  DuplicateRunError,
  RunClosedError,
  RunNotFoundError,
  UpdateRejectedError,
} from "../../src/index.ts";
import type { Clients, Outcome } from "./clients.ts";
import type { Dice } from "./dice.ts";
import { add, raise, seen, workflowName } from "./interpreter.ts";
import type { Program } from "./program.ts";
import { signalNames } from "./program.ts";
import type { World } from "./world.ts";

/** A run that a client starts. */
export interface Root {
  readonly id: string;
  readonly program: Program;
  readonly operation: string;
  readonly timeoutMs?: number | undefined;
}

/** What the clients were told, and what they did that changes what may come out. */
export interface Record {
  /** Ids of runs that somebody wanted to end. */
  readonly disturbed: Set<string>;
  /** Acknowledged letters: by run and sender the counts. */
  readonly letters: Map<
    string,
    { readonly id: string; readonly sender: string; readonly acknowledged: number[] }
  >;
  /** Operations of updates that were refused. */
  readonly refused: Set<string>;
}

export class Scripts {
  readonly record: Record = { disturbed: new Set(), letters: new Map(), refused: new Set() };
  readonly #world: World;
  readonly #clients: Clients;
  readonly #dice: Dice;

  constructor(world: World, clients: Clients, dice: Dice) {
    this.#world = world;
    this.#clients = clients;
    this.#dice = dice;
  }

  #pause(mostMs: number): Promise<void> {
    return this.#world.sleep(this.#dice.between(1, mostMs));
  }

  /** Starts a run, now and then twice. */
  async start(root: Root): Promise<void> {
    await this.#pause(3_000);
    const { id, operation, program } = root;
    const again = this.#dice.chance(0.3);
    const first = await this.#begin(root, operation);
    this.#started(root, first);
    if (!again || first === undefined) return;
    await this.#pause(10_000);
    this.#started(root, await this.#begin({ id, operation, program }, operation));
    const other = await this.#begin({ id, operation, program }, `${operation}-other`);
    const refused = other === undefined || ("error" in other && other.error instanceof DuplicateRunError);
    this.#world.findings.check(refused, "D3", () => `${id} was started twice, by different operations`);
  }

  #begin({ id, program, timeoutMs }: Root, operation: string): Promise<Outcome<unknown>> {
    const options = { id, input: program, operation, timeout: timeoutMs };
    return this.#clients.call(`start ${id}`, (client) =>
      client.start<Program, unknown>(workflowName, options),
    );
  }

  #started({ id, operation }: Root, outcome: Outcome<unknown>): void {
    if (outcome === undefined) return;
    const row = [...this.#world.db.state.runs.values()].find(
      (run) => run.row.id === id && run.row.generation === 1,
    )?.row;
    const { findings } = this.#world;
    if ("value" in outcome) {
      findings.check(
        row?.operation === operation,
        "D1",
        () => `the start of ${id} was acknowledged and is not durable`,
      );
    } else {
      const taken =
        outcome.error instanceof DuplicateRunError && row !== undefined && row.operation !== operation;
      findings.check(taken, "D3", () => `the start of ${id} was refused: ${outcome.error.stack}`);
    }
  }

  /** Sends letters, one after the other, some of them twice. */
  async write(id: string, sender: string): Promise<void> {
    const name = this.#dice.pick([...signalNames, raise.name]);
    const log = { id, sender, acknowledged: [] as number[] };
    this.record.letters.set(sender, log);
    const count = this.#dice.between(1, 4);
    for (let n = 1; n <= count; n++) {
      await this.#pause(4_000);
      for (let times = this.#dice.chance(0.2) ? 2 : 1; times > 0; times--) {
        if (!(await this.#letter(id, name, { sender, n }))) return;
      }
      log.acknowledged.push(n);
    }
  }

  /** False: it did not arrive, or nobody knows. */
  async #letter(id: string, name: string, letter: { sender: string; n: number }): Promise<boolean> {
    const operation = `${letter.sender}#${letter.n}`;
    const send = `signal ${name} ${operation} to ${id}`;
    for (let patience = 0; patience < 10; patience++) {
      const outcome = await this.#clients.call(send, (client) =>
        client.get(id).signal(name, letter, { operation }),
      );
      if (outcome === undefined) return false;
      if ("value" in outcome) {
        this.#world.findings.check(
          this.#world.checker.wasKept(operation),
          "D1",
          () => `${send} was acknowledged and is not durable`,
        );
        return true;
      }
      if (!(outcome.error instanceof RunNotFoundError)) return this.#closed(outcome.error, send);
      await this.#pause(1_000);
    }
    return false;
  }

  /** A run that has closed takes no messages; all other errors are wrong. */
  #closed(error: Error, what: string): false {
    const right = error instanceof RunClosedError || error instanceof RunNotFoundError;
    this.#world.findings.check(right, "result", () => `${what}: ${error.stack}`);
    return false;
  }

  /** Sends an update; some are refused by the validator. */
  async update(id: string, name: string): Promise<void> {
    await this.#pause(12_000);
    const by = this.#dice.pick([1, 2, -1]);
    const label = this.#dice.chance(0.4) && by > 0 ? `update-${name}` : undefined;
    const operation = `update-${name}`;
    if (by < 0) this.record.refused.add(operation);
    const outcome = await this.#clients.call(`update ${operation} of ${id}`, (client) =>
      client.get(id).update(add, { by, label }, { operation }),
    );
    if (outcome === undefined) return;
    if ("value" in outcome) this.#answered(operation, outcome.value);
    else if (by > 0 || !(outcome.error instanceof UpdateRejectedError))
      this.#unanswered(id, operation, outcome.error);
  }

  /** The handler of an update ends with its run. */
  #unanswered(id: string, operation: string, error: Error): void {
    const withRun = error instanceof CanceledError && this.record.disturbed.has(id);
    const limited = error instanceof DarumaError && error.code === "DRM-PENDING-LIMIT";
    if (!withRun && !limited) this.#closed(error, operation);
  }

  #answered(operation: string, value: number): void {
    const { checker, findings } = this.#world;
    const events = [...checker.known.values()].map(({ model }) => model.updates.get(operation));
    const told = events.some((event) => event?.type === "update_completed" && Number(event.result) === value);
    findings.check(told, "D1", () => `${operation} was answered with ${value}, which is not durable`);
  }

  /** Pauses, resumes, cancels or ends a run, by method or by signal. */
  async order(id: string): Promise<void> {
    await this.#pause(15_000);
    const kind = this.#dice.pick(["pause", "pause", "cancel", "terminate"] as const);
    if (kind !== "pause") this.record.disturbed.add(id);
    const bySignal = this.#dice.chance(0.3) && kind !== "terminate";
    await this.#command(id, kind, bySignal);
    if (kind !== "pause") return;
    await this.#pause(20_000);
    await this.#command(id, "resume", bySignal);
  }

  async #command(
    id: string,
    kind: "pause" | "resume" | "cancel" | "terminate",
    bySignal: boolean,
  ): Promise<void> {
    const operation = this.#world.unique();
    const outcome = await this.#clients.call(`${kind} ${id}`, (client) => {
      const run = client.get(id);
      return bySignal ? run.signal(kind, undefined, { operation }) : run[kind]();
    });
    if (outcome !== undefined && "error" in outcome) this.#closed(outcome.error, `${kind} ${id}`);
  }

  /** Asks a run how far it is, and describes it. */
  async ask(id: string): Promise<void> {
    await this.#pause(15_000);
    const told = await this.#clients.call(`query ${id}`, (client) => client.get(id).query(seen), 3);
    if (told !== undefined && "value" in told) {
      const most = Math.max(
        0,
        ...[...this.#world.db.state.runs.values()]
          .filter(({ row }) => row.id === id)
          .map(({ row }) => row.head),
      );
      this.#world.findings.check(
        told.value <= most,
        "D1",
        () => `${id} tells of event ${told.value} of ${most}`,
      );
    }
    await this.#clients.call(`describe ${id}`, (client) => client.get(id).describe(), 3);
  }

  /** Waits for the end. */
  async wait(id: string): Promise<void> {
    await this.#pause(8_000);
    const outcome = await this.#clients.call(`result ${id}`, (client) => client.get(id).result());
    if (outcome === undefined || ("error" in outcome && outcome.error instanceof RunNotFoundError)) return;
    const statuses = [...this.#world.db.state.runs.values()]
      .filter(({ row }) => row.id === id)
      .map(({ row: { status } }) => status);
    // A retry may have begun since the result was read: then an earlier generation has it.
    const ended = statuses.some((status) => status !== "running" && status !== "continued_as_new");
    this.#world.findings.check(
      ended || !statuses.includes("running"),
      "D1",
      () => `the result of ${id} was told, and it is open`,
    );
  }
}
