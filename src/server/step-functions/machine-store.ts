/**
 * State machines with their revisions, versions and aliases.
 *
 * Invariants:
 * - A revision is written before the machine that names it, and never changed: whoever finds a machine finds what it runs.
 * - Everything else of a machine is one document, so that each change of it is one write.
 */
import type { Records } from "../../store/records.ts";
import { machineDoesNotExist } from "./api-error.ts";
import { parseArn, unqualified } from "./arn.ts";
import type { Alias, Machine, Revision, Version } from "./documents.ts";
import { type Page, Shelf } from "./shelf.ts";

/** What an ARN of a state machine, a version or an alias leads to. */
export interface Target {
  readonly machine: Machine;
  readonly revision: Revision;
  /** Set if the ARN is that of a version or an alias. */
  readonly version?: Version | undefined;
  readonly alias?: Alias | undefined;
}

export class MachineStore {
  readonly #machines: Shelf<Machine>;
  readonly #revisions: Shelf<Revision>;

  constructor(records: Records) {
    this.#machines = new Shelf(records, "step-functions/machines");
    this.#revisions = new Shelf(records, "step-functions/revisions");
  }

  /** Keeps a new machine; returns the one that has its ARN already, if there is one. */
  async create(machine: Machine, revision: Revision): Promise<Machine | undefined> {
    await this.addRevision(machine.arn, revision);
    const found = await this.#machines.add(machine.arn, machine);
    if (found !== undefined) await this.#revisions.remove(revisionKey(machine.arn, revision.revisionId));
    return found;
  }

  async addRevision(arn: string, revision: Revision): Promise<void> {
    await this.#revisions.add(revisionKey(arn, revision.revisionId), revision);
  }

  /** @throws ApiError StateMachineDoesNotExist */
  async get(arn: string): Promise<Machine> {
    return present(await this.#machines.get(arn), arn);
  }

  async find(arn: string): Promise<Machine | undefined> {
    return await this.#machines.get(arn);
  }

  /** @throws ApiError StateMachineDoesNotExist, what `change` throws */
  async change(arn: string, change: (machine: Machine) => Machine | Promise<Machine>): Promise<Machine> {
    return present(await this.#machines.change(arn, change), arn);
  }

  async revision(arn: string, id: string): Promise<Revision | undefined> {
    return await this.#revisions.get(revisionKey(arn, id));
  }

  async page(options: {
    readonly after: string | undefined;
    readonly limit: number;
  }): Promise<Page<Machine>> {
    return await this.#machines.page(options);
  }

  async remove(arn: string): Promise<void> {
    await this.#machines.remove(arn);
    const prefix = revisionKey(arn, "");
    for (;;) {
      const { items } = await this.#revisions.page({ prefix, after: undefined, limit: 100 });
      if (items.length === 0) return;
      for (const { revisionId } of items) await this.#revisions.remove(revisionKey(arn, revisionId));
    }
  }

  /**
   * The machine and what to run. `random` (at least 0, less than 1) chooses among an alias's versions.
   * @throws ApiError InvalidArn, StateMachineDoesNotExist
   */
  async resolve(text: string, random: number): Promise<Target> {
    const arn = parseArn(text, ["stateMachine"]);
    const machine = present(await this.#machines.get(unqualified(arn)), text);
    if (arn.rest === undefined) return await this.#target(machine, machine.revisionId);
    const alias = machine.aliases.find(({ name }) => name === arn.rest);
    const number = alias === undefined ? arn.rest : chosen(alias, random);
    const version = present(
      machine.versions.find((one) => String(one.number) === number),
      text,
    );
    return { ...(await this.#target(machine, version.revisionId)), version, alias };
  }

  async #target(machine: Machine, revisionId: string): Promise<Target> {
    return { machine, revision: present(await this.revision(machine.arn, revisionId), machine.arn) };
  }
}

function revisionKey(arn: string, id: string): string {
  return `${arn}/${id}`;
}

function present<T>(found: T | undefined, arn: string): T {
  if (found === undefined) throw machineDoesNotExist(arn);
  return found;
}

/** The number of the version that an alias leads to this time. */
function chosen({ routes }: Alias, random: number): string {
  let left = random * 100;
  const route = routes.find(({ weight }) => (left -= weight) < 0) ?? routes.at(-1);
  return route === undefined ? "" : versionNumber(route.stateMachineVersionArn);
}

/** The last part of a version's ARN. */
export function versionNumber(versionArn: string): string {
  return versionArn.slice(versionArn.lastIndexOf(":") + 1);
}
