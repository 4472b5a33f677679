/** What a Task state's Resource says: which service, which action, and how its end is noticed. */

export type Pattern = "request-response" | "sync" | "sync:2" | "token";

export type Resource =
  | { readonly kind: "function"; readonly arn: string }
  | { readonly kind: "activity"; readonly arn: string }
  | {
      readonly kind: "service";
      /** Without the pattern. */
      readonly arn: string;
      /** `lambda`, `states`, `aws-sdk:s3`: what events call `resourceType`. */
      readonly type: string;
      /** `invoke`, `startExecution.sync`: what events call `resource`. */
      readonly action: string;
      readonly pattern: Pattern;
    };

const suffixes: readonly (readonly [string, Pattern])[] = [
  [".sync:2", "sync:2"],
  [".sync", "sync"],
  [".waitForTaskToken", "token"],
];

/** Definitions name few resources, and a Map enters its task once for each item. */
const known = new Map<string, Resource>();
const mostKnown = 1000;

export function resourceOf(text: string): Resource {
  const resource = known.get(text) ?? parsed(text);
  if (known.size < mostKnown) known.set(text, resource);
  return resource;
}

function parsed(text: string): Resource {
  const parts = text.split(":");
  if (parts[2] === "states" && parts[5] === "activity") return { kind: "activity", arn: text };
  if (parts[2] !== "states") return { kind: "function", arn: text };
  const [suffix = "", pattern = "request-response"] = suffixes.find(([end]) => text.endsWith(end)) ?? [];
  const service = text.slice(parts.slice(0, 5).join(":").length + 1);
  const sdk = service.startsWith("aws-sdk:");
  const [type = "", ...action] = sdk ? service.slice("aws-sdk:".length).split(":") : service.split(":");
  return {
    kind: "service",
    arn: text.slice(0, text.length - suffix.length),
    type: sdk ? `aws-sdk:${type}` : type,
    action: action.join(":"),
    pattern,
  };
}
