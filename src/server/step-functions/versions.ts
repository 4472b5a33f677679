/** Versions of state machines: PublishStateMachineVersion, DeleteStateMachineVersion, ListStateMachineVersions. */
import { conflict, invalidArn } from "./api-error.ts";
import { parseArn, unqualified } from "./arn.ts";
import type { Machine } from "./documents.ts";
import { pageSize } from "./params.ts";
import { type Operations, seconds } from "./service.ts";
import { placeOf, tokenFor } from "./tokens.ts";

/** The machine with its newest revision published; unchanged if it is already. */
export function newVersion(
  machine: Machine,
  { date, description }: { readonly date: number; readonly description: string | undefined },
): Machine {
  const { revisionId, versions, nextVersion } = machine;
  if (versions.at(-1)?.revisionId === revisionId) return machine;
  const version = { number: nextVersion, revisionId, description, creationDate: date };
  return { ...machine, nextVersion: nextVersion + 1, versions: [...versions, version] };
}

/** The ARN of the newest version. */
export function published({ arn, versions }: Machine): string {
  return `${arn}:${versions.at(-1)?.number ?? 1}`;
}

export const versionOperations: Operations = {
  PublishStateMachineVersion: async (service, params) => {
    const arn = unqualified(parseArn(params.text("stateMachineArn"), ["stateMachine"]));
    const wanted = params.optional("revisionId");
    const description = params.optional("description");
    const machine = await service.machines.change(arn, async (before) => {
      if (wanted !== undefined) {
        const revision = await service.machines.revision(arn, before.revisionId);
        const current = revision?.initial === true ? "INITIAL" : before.revisionId;
        if (wanted !== current)
          throw conflict(
            `Failed to publish the State Machine version for revision ${wanted}. The current State Machine revision is ${current}.`,
          );
      }
      return newVersion(before, { date: service.now(), description });
    });
    return {
      creationDate: seconds(machine.versions.at(-1)?.creationDate),
      stateMachineVersionArn: published(machine),
    };
  },

  DeleteStateMachineVersion: async (service, params) => {
    const text = params.text("stateMachineVersionArn");
    const arn = parseArn(text, ["stateMachine"]);
    if (!/^\d+$/u.test(arn.rest ?? "")) throw invalidArn(`Invalid ARN suffix: ${text}`);
    if ((await service.machines.find(unqualified(arn))) === undefined) return {};
    await service.machines.change(unqualified(arn), (machine) => {
      const users = machine.aliases.filter(({ routes }) =>
        routes.some(({ stateMachineVersionArn }) => stateMachineVersionArn === text),
      );
      if (users.length > 0) throw conflict(referenced(users.map(({ name }) => name)));
      const versions = machine.versions.filter(({ number }) => String(number) !== arn.rest);
      return versions.length === machine.versions.length ? machine : { ...machine, versions };
    });
    return {};
  },

  ListStateMachineVersions: async (service, params) => {
    const arn = unqualified(parseArn(params.text("stateMachineArn"), ["stateMachine"]));
    const subject = `versions ${arn}`;
    const below = placeOf<number>(params, subject, "number") ?? Infinity;
    const versions = (await service.machines.find(arn))?.versions ?? [];
    const left = versions.toReversed().filter(({ number }) => number < below);
    const shown = left.slice(0, pageSize(params));
    return {
      stateMachineVersions: shown.map(({ number, creationDate }) => ({
        stateMachineVersionArn: `${arn}:${number}`,
        creationDate: seconds(creationDate),
      })),
      ...(shown.length < left.length ? { nextToken: tokenFor(subject, shown.at(-1)?.number ?? 0) } : {}),
    };
  },
};

function referenced(names: readonly string[]): string {
  return `Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${names.join(", ")}]`;
}
