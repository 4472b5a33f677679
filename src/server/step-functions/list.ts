/**
 * ListExecutions: executions of a machine, newest first.
 *
 * Runs of redrives (`ARN#1`) are not executions of their own: they stand for theirs, in lists of one status only, because there the first run has another one.
 */
import type { ListFilter, RunSummary } from "../../client/backend.ts";
import { workflowName } from "../../notations/asl/execution.ts";
import { validationError, wrongMachineType } from "./api-error.ts";
import { machineOfMapRun, parseArn } from "./arn.ts";
import { listed } from "./describe.ts";
import type { ExecutionView } from "./executions.ts";
import { type Params, pageSize } from "./params.ts";
import type { Operations, Service } from "./service.ts";
import { placeOf, tokenFor } from "./tokens.ts";

export const listOperations: Operations = {
  ListExecutions: async (service, params) => {
    const scope = await scopeOf(service, params);
    const status = params.optional("statusFilter");
    const redriven = params.optional("redriveFilter");
    const subject = `executions ${scope.subject} ${status ?? ""} ${redriven ?? ""}`;
    const before = placeOf<number>(params, subject, "number");
    const wanted = (view: ExecutionView): boolean =>
      (status === undefined || view.outcome.status === status) &&
      (redriven === undefined || view.redriveCount > 0 === (redriven === "REDRIVEN")) &&
      scope.includes(view);
    const filter = { workflow: workflowName, idPrefix: scope.idPrefix, status: runStatus(status) };
    const page = await read(service, { filter, wanted, before, limit: pageSize(params) });
    return {
      executions: page.views.map(listed),
      ...(page.next === undefined ? {} : { nextToken: tokenFor(subject, page.next) }),
    };
  },
};

/** Whose executions are listed. */
interface Scope {
  readonly subject: string;
  readonly idPrefix: string;
  readonly includes: (view: ExecutionView) => boolean;
}

/** @throws ApiError ValidationException, InvalidArn, StateMachineDoesNotExist, StateMachineTypeNotSupported */
async function scopeOf(service: Service, params: Params): Promise<Scope> {
  const machine = params.optional("stateMachineArn");
  const mapRun = params.optional("mapRunArn");
  if ((machine === undefined) === (mapRun === undefined))
    throw validationError("Must specify exactly one of stateMachineArn or mapRunArn");
  if (mapRun !== undefined) return scopeOfMapRun(mapRun);
  return await scopeOfMachine(service, machine ?? "");
}

function scopeOfMapRun(text: string): Scope {
  parseArn(text, ["mapRun"]);
  const idPrefix = `${machineOfMapRun(text).replace(":stateMachine:", ":execution:")}:`;
  return { subject: text, idPrefix, includes: ({ input }) => input.mapRunArn === text };
}

async function scopeOfMachine(service: Service, text: string): Promise<Scope> {
  const { machine } = await service.machines.resolve(text, 0);
  if (machine.type === "EXPRESS") throw wrongMachineType();
  const idPrefix = `${machine.arn.replace(":stateMachine:", ":execution:")}:`;
  // Executions of a machine of this name that was deleted before are not this one's.
  const includes = ({ input, startedAt }: ExecutionView): boolean =>
    startedAt >= machine.creationDate &&
    (text === machine.arn || input.machine.versionArn === text || input.machine.aliasArn === text);
  return { subject: text, idPrefix, includes };
}

/** Where the status of the run tells enough, only such runs are looked at. */
function runStatus(status: string | undefined): ListFilter["status"] {
  if (status === "RUNNING") return "running";
  return status === "SUCCEEDED" ? "completed" : undefined;
}

interface Reading {
  readonly filter: ListFilter;
  readonly wanted: (view: ExecutionView) => boolean;
  readonly before: number | undefined;
  readonly limit: number;
}

async function read(
  service: Service,
  { filter, wanted, before, limit }: Reading,
): Promise<{ readonly views: readonly ExecutionView[]; readonly next: number | undefined }> {
  const views: ExecutionView[] = [];
  let next = before;
  do {
    const page = await service.client.listPage(filter, { before: next, limit: limit - views.length });
    for (const run of page.runs) {
      const view = await viewOf(service, run, filter.status !== undefined);
      if (view !== undefined && wanted(view)) views.push(view);
    }
    ({ next } = page);
  } while (next !== undefined && views.length < limit);
  if (next === undefined) return { views, next };
  const rest = await service.client.listPage(filter, { before: next, limit: 1 });
  return { views, next: rest.runs.length === 0 ? undefined : next };
}

async function viewOf(
  service: Service,
  run: RunSummary,
  oneStatus: boolean,
): Promise<ExecutionView | undefined> {
  if (run.status === "continued_as_new") return undefined;
  if (!run.id.includes("#")) return await service.executions.viewOf(run);
  return oneStatus ? await service.executions.view(run.id.replace(/#\d+$/u, "")) : undefined;
}
