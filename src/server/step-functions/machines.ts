/** State machines: CreateStateMachine, UpdateStateMachine, DescribeStateMachine, DeleteStateMachine, ListStateMachines. */
import { ApiError, validationError } from "./api-error.ts";
import { machineArn, parseArn, unqualified } from "./arn.ts";
import { configurationOf, isConfiguredAlike, isSame } from "./configuration.ts";
import { requireValid } from "./definition.ts";
import type { Machine, Revision, Tag } from "./documents.ts";
import type { Target } from "./machine-store.ts";
import { checkName, checkRole } from "./names.ts";
import { type Params, pageSize } from "./params.ts";
import { type MachineType, type Operations, seconds, type Service } from "./service.ts";
import { checkTags } from "./tags.ts";
import { placeOf, tokenFor } from "./tokens.ts";
import { variableReferences } from "./variable-references.ts";
import { newVersion, published } from "./versions.ts";

export const machineOperations: Operations = {
  CreateStateMachine: async (service, params) => {
    checkVersionDescription(params);
    const revision = firstRevision(service, params);
    const machine = newMachine(service, params, revision);
    const found = await service.machines.create(machine, revision);
    return created(found === undefined ? machine : await repeated(service, params, { found, revision }));
  },

  UpdateStateMachine: async (service, params) => {
    checkVersionDescription(params);
    const arn = plainArn(params.text("stateMachineArn"));
    return await update(
      service,
      params,
      await nextRevision(service, params, await service.machines.get(arn)),
    );
  },

  DescribeStateMachine: async (service, params) =>
    described(await service.machines.resolve(params.text("stateMachineArn"), service.random()), params),

  DeleteStateMachine: async (service, params) => {
    const arn = plainArn(params.text("stateMachineArn"));
    const machine = await service.machines.find(arn);
    if (machine === undefined) return {};
    await service.machines.remove(arn);
    // AWS ends executions of a deleted machine at their next transition.
    await service.executions.stopAll(arn);
    return {};
  },

  ListStateMachines: async (service, params) => {
    const after = placeOf<string>(params, "machines", "string");
    const { items, next } = await service.machines.page({ after, limit: pageSize(params) });
    const stateMachines = items.map(({ arn, name, type, creationDate }) => ({
      stateMachineArn: arn,
      name,
      type,
      creationDate: seconds(creationDate),
    }));
    return { stateMachines, ...(next === undefined ? {} : { nextToken: tokenFor("machines", next) }) };
  },
};

/** The ARN of a machine, not of one of its versions or aliases. @throws ApiError InvalidArn */
function plainArn(text: string): string {
  return unqualified(parseArn(text, ["stateMachine"]));
}

/** @throws ApiError ValidationException */
function checkVersionDescription(params: Params): void {
  if (params.has("versionDescription") && params.flag("publish") !== true)
    throw validationError("Version description can only be set when publish is true");
}

function firstRevision(service: Service, params: Params): Revision {
  const [name, roleArn, definition] = [
    params.text("name"),
    params.text("roleArn"),
    params.text("definition"),
  ];
  checkName(name);
  checkRole(roleArn);
  const configuration = configurationOf(params);
  requireValid(definition, typeOf(params), service.awsLimits);
  return {
    revisionId: service.unique(),
    initial: true,
    definition,
    roleArn,
    date: service.now(),
    ...configuration,
  };
}

function typeOf(params: Params): MachineType {
  return params.optional("type") === "EXPRESS" ? "EXPRESS" : "STANDARD";
}

function newMachine(service: Service, params: Params, { revisionId, date }: Revision): Machine {
  const name = params.text("name");
  const machine: Machine = {
    arn: machineArn(service.home, name),
    name,
    type: typeOf(params),
    creationDate: date,
    revisionId,
    created: creation(params),
    nextVersion: 1,
    versions: [],
    aliases: [],
    tags: checkTags([], (params.list("tags") ?? []) as readonly Tag[]),
  };
  return params.flag("publish") === true
    ? newVersion(machine, { date, description: params.optional("versionDescription") })
    : machine;
}

function creation(params: Params): Machine["created"] {
  return {
    publish: params.flag("publish") ?? false,
    versionDescription: params.optional("versionDescription"),
  };
}

/** The machine that is there, if this request asks for it: role and tags may differ. @throws ApiError StateMachineAlreadyExists */
async function repeated(
  service: Service,
  params: Params,
  { found, revision }: { readonly found: Machine; readonly revision: Revision },
): Promise<Machine> {
  const current = await service.machines.revision(found.arn, found.revisionId);
  const same =
    current?.definition === revision.definition &&
    isConfiguredAlike(current, revision) &&
    found.type === typeOf(params) &&
    JSON.stringify(found.created) === JSON.stringify(creation(params));
  if (same) return found;
  throw new ApiError("StateMachineAlreadyExists", `State Machine Already Exists: '${found.arn}'`);
}

function created(machine: Machine): object {
  const [first] = machine.created.publish ? machine.versions : [];
  return {
    stateMachineArn: machine.arn,
    creationDate: seconds(machine.creationDate),
    ...(first === undefined ? {} : { stateMachineVersionArn: `${machine.arn}:${first.number}` }),
  };
}

/** What an update makes of a machine. */
interface Next {
  readonly arn: string;
  readonly revision: Revision;
  /** False: nothing changes. */
  readonly isNew: boolean;
}

/**  @throws ApiError MissingRequiredParameter and what the checks throw */
async function nextRevision(service: Service, params: Params, machine: Machine): Promise<Next> {
  const fields = [
    "definition",
    "roleArn",
    "loggingConfiguration",
    "tracingConfiguration",
    "encryptionConfiguration",
  ];
  if (!fields.some((field) => params.has(field)))
    throw new ApiError(
      "MissingRequiredParameter",
      "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified",
    );
  const { revision: current } = await service.machines.resolve(machine.arn, 0);
  const definition = params.optional("definition") ?? current.definition;
  const roleArn = params.optional("roleArn") ?? current.roleArn;
  const next: Revision = {
    revisionId: service.unique(),
    initial: false,
    definition,
    roleArn,
    date: service.now(),
    ...configurationOf(params, current),
  };
  checkRole(roleArn);
  if (params.has("definition")) requireValid(definition, machine.type, service.awsLimits);
  const same = isSame(current, next);
  return { arn: machine.arn, revision: same ? current : next, isNew: !same };
}

async function update(service: Service, params: Params, { arn, revision, isNew }: Next): Promise<object> {
  const date = service.now();
  const { revisionId } = revision;
  if (isNew) await service.machines.addRevision(arn, revision);
  const description = params.optional("versionDescription");
  const publish = params.flag("publish") === true;
  const machine = await service.machines.change(arn, (before) => {
    const changed = before.revisionId === revisionId ? before : { ...before, revisionId };
    return publish ? newVersion(changed, { date, description }) : changed;
  });
  return {
    updateDate: seconds(date),
    ...(isNew ? { revisionId } : {}),
    ...(publish ? { stateMachineVersionArn: published(machine) } : {}),
  };
}

function described({ machine, revision, version, alias }: Target, params: Params): object {
  const { definition, roleArn, revisionId, initial, date: _, ...configuration } = revision;
  const metadata = params.optional("includedData") === "METADATA_ONLY";
  const qualifier = alias?.name ?? version?.number;
  return {
    stateMachineArn: qualifier === undefined ? machine.arn : `${machine.arn}:${qualifier}`,
    name: machine.name,
    status: "ACTIVE",
    ...(metadata ? {} : { definition }),
    roleArn,
    type: machine.type,
    creationDate: seconds(version?.creationDate ?? machine.creationDate),
    ...(initial ? {} : { revisionId }),
    ...(version?.description === undefined ? {} : { description: version.description }),
    ...configuration,
    ...(metadata ? {} : variableReferences(definition)),
  };
}
