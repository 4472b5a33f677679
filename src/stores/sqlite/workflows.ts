/** Names of workflows are kept once; rows hold their numbers. There are few, so all are remembered. */
import type { Connection } from "./connection.ts";

/** Numbers and names of workflows. */
export class WorkflowNames {
  readonly #connection: Connection;
  readonly #numbers: Map<string, number> = new Map();
  readonly #names: Map<number, string> = new Map();

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.onRollback.push(() => this.#load());
    this.#load();
  }

  #load(): void {
    this.#numbers.clear();
    this.#names.clear();
    for (const row of this.#connection.prepare("SELECT number, name FROM workflows").all()) {
      this.#remember(Number(row["number"]), String(row["name"]));
    }
  }

  #remember(number: number, name: string): void {
    this.#numbers.set(name, number);
    this.#names.set(number, name);
  }

  name(number: number): string {
    return this.#names.get(number) ?? "";
  }

  /** The number of a name that some run has. */
  find(name: string): number | undefined {
    return this.#numbers.get(name.toWellFormed());
  }

  /** The number of a name; a new name is written, so this belongs inside a transaction. */
  number(name: string): number {
    const known = this.find(name);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    this.#connection.prepare("INSERT INTO workflows (number, name) VALUES (?, ?)").run(number, name);
    this.#remember(number, name.toWellFormed());
    return number;
  }
}
