/** Aliases: names that lead to one or two versions of a state machine, by weight. */
import { conflict, invalidArn, resourceNotFound, validationError } from "./api-error.ts";
import { parseArn, unqualified } from "./arn.ts";
import type { Alias, Machine, Route } from "./documents.ts";
import { versionNumber } from "./machine-store.ts";
import { pageSize } from "./params.ts";
import { type Operations, seconds, type Service } from "./service.ts";
import { placeOf, tokenFor } from "./tokens.ts";

/** AWS's quota. */
const mostAliases = 100;

export const aliasOperations: Operations = {
  CreateStateMachineAlias: async (service, params) => {
    const routes = (params.list("routingConfiguration") ?? []) as readonly Route[];
    const arn = machineOf(routes);
    const date = service.now();
    const name = params.text("name");
    const wanted: Alias = {
      name,
      description: params.optional("description"),
      routes,
      creationDate: date,
      updateDate: date,
    };
    const machine = await changeMachine(service, arn, (before) => withAlias(before, wanted));
    return {
      stateMachineAliasArn: `${arn}:${name}`,
      creationDate: seconds(machine.aliases.find((alias) => alias.name === name)?.creationDate),
    };
  },

  DescribeStateMachineAlias: async (service, params) => {
    const { text, arn, name } = aliasArn(params.text("stateMachineAliasArn"));
    const { creationDate, updateDate, routes, description } = aliasOf(await service.machines.find(arn), name);
    return {
      stateMachineAliasArn: text,
      name,
      ...(description === undefined ? {} : { description }),
      routingConfiguration: routes,
      creationDate: seconds(creationDate),
      updateDate: seconds(updateDate),
    };
  },

  UpdateStateMachineAlias: async (service, params) => {
    const { arn, name } = aliasArn(params.text("stateMachineAliasArn"));
    const description = params.optional("description");
    const routes = params.list("routingConfiguration") as readonly Route[] | undefined;
    if (description === undefined && routes === undefined)
      throw validationError("Either the description or the routing configuration must be specified");
    if (routes !== undefined && machineOf(routes) !== arn) throw otherMachine(routes);
    const updateDate = service.now();
    await changeMachine(service, arn, (machine) => {
      const before = aliasOf(machine, name);
      if (routes !== undefined) checkVersions(machine, routes);
      const after: Alias = {
        ...before,
        updateDate,
        description: description ?? before.description,
        routes: routes ?? before.routes,
      };
      return { ...machine, aliases: machine.aliases.map((alias) => (alias === before ? after : alias)) };
    });
    return { updateDate: seconds(updateDate) };
  },

  DeleteStateMachineAlias: async (service, params) => {
    const { arn, name } = aliasArn(params.text("stateMachineAliasArn"));
    await changeMachine(service, arn, (machine) => {
      const gone = aliasOf(machine, name);
      return { ...machine, aliases: machine.aliases.filter((alias) => alias !== gone) };
    });
    return {};
  },

  ListStateMachineAliases: async (service, params) => {
    const arn = parseArn(params.text("stateMachineArn"), ["stateMachine"]);
    const machine = await service.machines.get(unqualified(arn));
    const subject = `aliases ${arn.text}`;
    const from = placeOf<number>(params, subject, "number") ?? 0;
    const all = machine.aliases.filter((alias) => arn.rest === undefined || leadsTo(alias, arn.text));
    const to = from + pageSize(params);
    return {
      stateMachineAliases: all.slice(from, to).map(({ name, creationDate }) => ({
        stateMachineAliasArn: `${machine.arn}:${name}`,
        creationDate: seconds(creationDate),
      })),
      ...(to < all.length ? { nextToken: tokenFor(subject, to) } : {}),
    };
  },
};

function leadsTo({ routes }: Alias, versionArn: string): boolean {
  return routes.some(({ stateMachineVersionArn }) => stateMachineVersionArn === versionArn);
}

/** @throws ApiError InvalidArn */
function aliasArn(text: string): { readonly text: string; readonly arn: string; readonly name: string } {
  const arn = parseArn(text, ["stateMachine"]);
  if (arn.rest === undefined) throw invalidArn(`Invalid ARN suffix: ${text}`);
  return { text, arn: unqualified(arn), name: arn.rest };
}

/** @throws ApiError ResourceNotFound */
function aliasOf(machine: Machine | undefined, name: string): Alias {
  const found = machine?.aliases.find((alias) => alias.name === name);
  if (found === undefined) throw resourceNotFound();
  return found;
}

/** A change of a machine that an alias names: that is no StateMachineDoesNotExist. */
async function changeMachine(
  service: Service,
  arn: string,
  change: (machine: Machine) => Machine,
): Promise<Machine> {
  if ((await service.machines.find(arn)) === undefined) throw resourceNotFound();
  return await service.machines.change(arn, change);
}

/** The machine with the alias; unchanged if it has it already. @throws ApiError ConflictException, ResourceNotFound, ServiceQuotaExceededException */
function withAlias(machine: Machine, wanted: Alias): Machine {
  checkVersions(machine, wanted.routes);
  const found = machine.aliases.find(({ name }) => name === wanted.name);
  if (found === undefined) {
    if (machine.aliases.length >= mostAliases)
      throw conflict("The state machine has reached its quota of aliases.");
    return { ...machine, aliases: [...machine.aliases, wanted] };
  }
  const same =
    found.description === wanted.description &&
    JSON.stringify(found.routes) === JSON.stringify(wanted.routes);
  if (same) return machine;
  throw conflict(
    "Failed to create alias because an alias with the same name and a different routing configuration already exists.",
  );
}

function checkVersions(machine: Machine, routes: readonly Route[]): void {
  const numbers = new Set(machine.versions.map(({ number }) => String(number)));
  if (!routes.every((route) => numbers.has(versionNumber(route.stateMachineVersionArn))))
    throw resourceNotFound();
}

/** The machine whose versions the routes lead to. @throws ApiError ValidationException */
function machineOf(routes: readonly Route[]): string {
  const arns = routes.map(({ stateMachineVersionArn }) => stateMachineVersionArn);
  const shown = `[${arns.join(", ")}]`;
  const parsed = arns.map((arn) => parseArn(arn, ["stateMachine"]));
  if (!parsed.every(({ rest }) => /^\d+$/u.test(rest ?? "")))
    throw validationError(
      `Routing configuration must contain state machine version ARNs. Received: ${shown}`,
    );
  if (new Set(arns).size < arns.length)
    throw validationError(
      `Routing configuration must contain distinct state machine version ARNs. Received: ${shown}`,
    );
  const weights = routes.map(({ weight }) => weight);
  if (weights.reduce((sum, weight) => sum + weight, 0) !== 100)
    throw validationError(
      `Sum of routing configuration weights must equal 100. Received: [${weights.join(", ")}]`,
    );
  const machines = new Set(parsed.map(unqualified));
  const [machine = ""] = machines;
  if (machines.size > 1) throw otherMachine(routes);
  return machine;
}

function otherMachine(routes: readonly Route[]): Error {
  const shown = routes.map(({ stateMachineVersionArn }) => stateMachineVersionArn).join(", ");
  return validationError(
    `Routing configuration must contain version ARNs of one and the same state machine. Received: [${shown}]`,
  );
}
