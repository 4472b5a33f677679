/** All operations of the API by name. */
import { activityOperations } from "./activities.ts";
import { aliasOperations } from "./aliases.ts";
import { ApiError } from "./api-error.ts";
import { definitionOperations } from "./definition.ts";
import { executionOperations } from "./describe.ts";
import { historyOperations } from "./history.ts";
import { listOperations } from "./list.ts";
import { machineOperations } from "./machines.ts";
import { mapRunOperations } from "./map-runs.ts";
import { Params } from "./params.ts";
import { redriveOperations } from "./redrive.ts";
import type { Call, Operations, Service } from "./service.ts";
import { readFields } from "./shape.ts";
import { shapes } from "./shapes.ts";
import { startOperations } from "./start.ts";
import { tagOperations } from "./tags.ts";
import { taskOperations } from "./tasks.ts";
import { versionOperations } from "./versions.ts";

export const operations: Operations = {
  ...machineOperations,
  ...definitionOperations,
  ...versionOperations,
  ...aliasOperations,
  ...startOperations,
  ...executionOperations,
  ...historyOperations,
  ...listOperations,
  ...redriveOperations,
  ...activityOperations,
  ...taskOperations,
  ...mapRunOperations,
  ...tagOperations,
};

/** Does what a request asks for. @throws ApiError */
export async function perform(
  service: Service,
  { name, values }: { readonly name: string; readonly values: unknown },
  call: Call,
): Promise<object> {
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined)
    throw new ApiError("UnknownOperationException", `The operation ${JSON.stringify(name)} is not known.`);
  return await operation(service, new Params(readFields(shapes[name] ?? {}, values)), call);
}
