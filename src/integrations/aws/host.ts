/**
 * What Task states reach. A resource is answered by the first of these that there is: a handler of the program, an endpoint that was given, the service
 * itself through the AWS SDK, if that is installed; else the task fails with what would answer it.
 */
import { isObject, type Json } from "../../notations/asl/json.ts";
import { StatesError } from "../../notations/asl/states-error.ts";
import type { CallOptions, TaskCall, TaskHost } from "../../notations/asl/task-host.ts";
import { notProvided, optimizedFailure, sdkFailure, ServiceFailure } from "./failure.ts";
import { invokeArn, invokeFunction } from "./functions/invoke.ts";
import { callHandler, findHandler, handlerContext, unlessAborted } from "./handlers.ts";
import { HttpClient } from "./http/request.ts";
import { invokeHttp } from "./http/task.ts";
import { readItems } from "./items/read.ts";
import { RecentWindows } from "./items/recent.ts";
import { Spool } from "./items/spool.ts";
import type { ServiceOptions } from "./options.ts";
import { handlerNames, targetOf } from "./resource.ts";
import { s3Actions } from "./s3/actions.ts";
import { storeOf } from "./s3/choose.ts";
import { isLocal } from "./s3/local.ts";
import { hasCredentials, SdkClients } from "./sdk/clients.ts";
import { invokeSdk, type ServiceTarget } from "./sdk/invoke.ts";
import { invokeSfn } from "./sfn.ts";
import type { World } from "./world.ts";
import { writeObject } from "./write.ts";

/** The part of a state machine's host that is about services; `close` ends its connections and removes its temporary files. */
export type ServiceHost = Pick<TaskHost, "invoke" | "readItems" | "write"> & { close(): Promise<void> };

export function createServiceHost(options: ServiceOptions): ServiceHost {
  const client = new HttpClient();
  const sdk = new SdkClients(options);
  const world: World = { options, client, sdk, spool: new Spool(), recent: new RecentWindows() };
  return {
    invoke: (call, callOptions) => invoke(call, callOptions, world),
    readItems: (call, callOptions) => readItems(call, callOptions, world),
    write: (call, callOptions) => writeObject(call, callOptions, world),
    async close() {
      client.close();
      await Promise.all([world.sdk.close(), world.spool.close()]);
    },
  };
}

async function invoke(call: TaskCall, options: CallOptions, world: World): Promise<Json> {
  try {
    return await dispatch(call, options, world);
  } catch (error) {
    if (error instanceof StatesError) throw error;
    // A mistake in what the SDK was given, a package that cannot be loaded: what it says is all there is to say.
    throw new StatesError("States.TaskFailed", {
      cause: error instanceof Error ? error.message : String(error),
    });
  }
}

function dispatch(call: TaskCall, options: CallOptions, world: World): Promise<Json> {
  const target = targetOf(call.resource);
  if (target.kind === "function") return invokeArn(call, options, world);
  if (target.kind === "service" && !target.sdk && `${target.service}:${target.action}` === "lambda:invoke") {
    return invokeFunction(call, options, world);
  }
  const handler = findHandler(world.options.handlers, handlerNames(call.resource, target));
  if (handler !== undefined) return callHandler(handler, call.input, handlerContext(call, options));
  if (target.kind === "other") throw unknown(call.resource);
  return onService(target, call, { options, world });
}

function unknown(resource: string): StatesError {
  return notProvided(`Nothing answers for ${resource}: register a handler under that name.`);
}

interface Reach {
  readonly options: CallOptions;
  readonly world: World;
}

async function onService(target: ServiceTarget, call: TaskCall, reach: Reach): Promise<Json> {
  const { service, action } = target;
  const { options, world } = reach;
  if (service === "http" && action === "invoke") return invokeHttp(call, options, world);
  if ((service === "sfn" || service === "states") && world.options.sfn !== undefined) {
    return unlessAborted(invokeSfn(world.options.sfn, target, call.input), options.signal);
  }
  if (service === "s3" && (await withoutSdk(target, call.input, world)))
    return onS3(target, call.input, reach);
  return invokeSdk(target, call.input, { clients: world.sdk, signal: options.signal });
}

/** Local folders, endpoints that need no signature, and what is to be told that nothing is set up. */
async function withoutSdk(target: ServiceTarget, input: Json, { options, sdk }: World): Promise<boolean> {
  if (!s3Actions.has(target.action)) return false;
  const bucket = isObject(input) ? input["Bucket"] : undefined;
  if (typeof bucket === "string" && isLocal(bucket)) return true;
  const endpoint = options.s3Endpoint ?? options.endpoints?.["s3"];
  if (endpoint !== undefined && !hasCredentials()) return true;
  return (await sdk.of("s3", true)) === undefined;
}

async function onS3(target: ServiceTarget, input: Json, { options, world }: Reach): Promise<Json> {
  const parameters = isObject(input) ? input : {};
  const bucket = parameters["Bucket"];
  try {
    const store = await storeOf(typeof bucket === "string" ? bucket : "", world);
    const result = await s3Actions.get(target.action)?.(store, parameters, options.signal);
    return result ?? null;
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    throw target.sdk ? sdkFailure("S3", error.facts) : optimizedFailure("s3", error.facts);
  }
}
