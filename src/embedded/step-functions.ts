/** Daruma as AWS Step Functions: a store with the workflow `asl`, the world that its tasks reach, and the API over HTTP, opened and closed together. */
import { randomUUID } from "node:crypto";
import { createServiceHost } from "../integrations/aws/host.ts";
import type { ServiceOptions } from "../integrations/aws/options.ts";
import { offerQueue } from "../notations/asl/interpreter/durable-world.ts";
import { aslWorkflow } from "../notations/asl/workflow.ts";
import type { Json } from "../notations/asl/json.ts";
import { testState } from "../notations/asl/test-state/test-state.ts";
import type { TaskHost } from "../notations/asl/task-host.ts";
import { jsonLines } from "../telemetry/telemetry.ts";
import { activityFinder } from "../server/step-functions/activity-store.ts";
import { ActivityBroker } from "../server/step-functions/broker.ts";
import { childrenBefore, type Redriven } from "../server/step-functions/children-before.ts";
import { Executions } from "../server/step-functions/executions.ts";
import { itemsBefore } from "../server/step-functions/items-before.ts";
import { serveStepFunctions } from "../server/step-functions/server.ts";
import type { StepFunctionsOptions, StepFunctionsServer } from "../server/step-functions/server.ts";
import { sharedEvaluator } from "./asl-host.ts";
import { Daruma } from "./daruma.ts";
import type { DarumaOptions } from "./daruma.ts";

/** How many tasks of activities may wait for workers at once. */
const mostOffers = 1_000_000;

export interface ServeOptions
  extends
    Omit<DarumaOptions, "telemetry">,
    Pick<StepFunctionsOptions, "port" | "bind" | "hosts" | "log">,
    Omit<ServiceOptions, "sfn"> {
  readonly telemetry?: DarumaOptions["telemetry"];
  /** False: AWS's limits of size and of events do not hold. Default: true. */
  readonly awsLimits?: boolean | undefined;
}

export interface ServedStepFunctions {
  readonly daruma: Daruma;
  readonly port: number;
  /** Stops listening, lets running activities finish for a while, and closes the store. */
  close(): Promise<void>;
}

/** Opens the store and serves the API of AWS Step Functions. @throws as {@link Daruma.open}; DarumaError DRM-CONNECTION: the port cannot be had */
export async function openStepFunctions(url: string, options: ServeOptions): Promise<ServedStepFunctions> {
  const broker = new ActivityBroker();
  const open = Promise.withResolvers<Daruma>();
  const served = Promise.withResolvers<StepFunctionsServer>();
  // Nobody may be waiting for them when opening fails.
  open.promise.catch(() => {});
  served.promise.catch(() => {});
  const host = hostOf(options, { broker, open: open.promise, served: served.promise });
  const daruma = await Daruma.open(url, {
    ...options,
    // Tasks that wait for a worker hold a slot and do nothing.
    taskQueues: { [offerQueue]: mostOffers, ...options.taskQueues },
    workflows: [aslWorkflow(host), ...(options.workflows ?? [])],
  });
  open.resolve(daruma);
  try {
    const server = await serveStepFunctions(serverOptions(daruma, { broker, host, options }));
    served.resolve(server);
    return { daruma, port: server.port, close: () => close(daruma, server) };
  } catch (error) {
    await daruma.close();
    throw error;
  }
}

async function close(daruma: Daruma, server: StepFunctionsServer): Promise<void> {
  await server.close();
  await daruma.close();
}

interface ServerParts {
  readonly broker: ActivityBroker;
  readonly host: TaskHost;
  readonly options: ServeOptions;
}

function serverOptions(daruma: Daruma, { broker, host, options }: ServerParts): StepFunctionsOptions {
  const { account, region, awsLimits = true, port, bind, hosts, log } = options;
  const tools = {
    host,
    now: Date.now,
    random: Math.random,
    uuid: randomUUID,
    deadline: (ms: number) => AbortSignal.timeout(ms),
    account,
    region,
    awsLimits,
  };
  const telemetry = options.telemetry ?? jsonLines((line) => process.stderr.write(line), Date.now);
  return {
    client: daruma,
    records: daruma.records,
    home: { account, region },
    broker,
    telemetry,
    awsLimits,
    port,
    bind,
    hosts,
    log,
    testState: (params) => testState(params, tools),
  };
}

interface Coming {
  readonly broker: ActivityBroker;
  /** Runs that were open go on before the store's opening is answered: what they ask of it waits. */
  readonly open: Promise<Daruma>;
  readonly served: Promise<StepFunctionsServer>;
}

function hostOf(options: ServeOptions, { broker, open, served }: Coming): TaskHost {
  const services = createServiceHost({
    ...options,
    // A task of a state machine that calls Step Functions means this server. Its errors have the API's names.
    sfn: async (action, input) => {
      const operation = action.charAt(0).toUpperCase() + action.slice(1);
      return (await (await served).perform(operation, input)) as Json;
    },
  });
  const parts = async (): Promise<Redriven> => {
    const client = await open;
    return {
      client,
      executions: new Executions(client),
      now: Date.now,
      awsLimits: options.awsLimits ?? true,
    };
  };
  return {
    invoke: services.invoke,
    readItems: services.readItems,
    itemsBefore: async (call) => await itemsBefore(await parts(), call),
    childrenBefore: async (call) => await childrenBefore(await parts(), call),
    write: services.write,
    evaluate: (call) => sharedEvaluator().evaluate(call),
    offer: (call, { signal }) => broker.offer(call, { signal }),
    hasActivity: async (arn) => await activityFinder((await open).records)(arn),
    resolve: async (call, own) => await (await served).resolve(call, own),
  };
}
