/** What a task's resource names. */

export type Target =
  /** A Lambda function by its own ARN. */
  | { readonly kind: "function"; readonly arn: string }
  /** An action of a service; `sdk`: through `aws-sdk:`, whose inputs, outputs and errors look different. */
  | { readonly kind: "service"; readonly service: string; readonly action: string; readonly sdk: boolean }
  | { readonly kind: "other" };

const FUNCTION = /^arn:[^:]+:lambda:[^:]*:[^:]*:function:.+$/;
const SERVICE =
  /^arn:[^:]+:states:[^:]*:[^:]*:(aws-sdk:)?([A-Za-z0-9-]+):([A-Za-z0-9]+)(?:\.[A-Za-z:0-9]+)?$/;

export function targetOf(resource: string): Target {
  if (FUNCTION.test(resource)) return { kind: "function", arn: resource };
  const [, sdk, service, action] = SERVICE.exec(resource) ?? [];
  if (service === undefined || action === undefined || service === "activity") return { kind: "other" };
  return { kind: "service", service: service.toLowerCase(), action, sdk: sdk !== undefined };
}

/** The names under which a handler for the service's action may be registered. */
export function handlerNames(resource: string, target: Target): readonly string[] {
  if (target.kind !== "service") return [resource];
  const name = `${target.service}:${target.action}`;
  return [target.sdk ? `aws-sdk:${name}` : name, resource];
}
