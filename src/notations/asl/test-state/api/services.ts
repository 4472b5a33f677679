/** The services whose answers are known. A mock for another one is not compared with anything. */
import type { Resource } from "../../interpreter/resource.ts";
import { compute } from "./compute.ts";
import { language } from "./language.ts";
import { messages } from "./messages.ts";
import { secrets } from "./secrets.ts";
import { readShapes } from "./shapes.ts";
import type { Field, ServiceShapes } from "./shapes.ts";
import { storage } from "./storage.ts";

const texts: ReadonlyMap<string, string> = new Map(
  Object.entries({ ...compute, ...language, ...messages, ...secrets, ...storage }),
);

/** Services that the SDK integrations name in another way than the optimized ones. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ["bedrockruntime", "bedrock"],
  ["emr", "elasticmapreduce"],
  ["eventbridge", "events"],
  ["sfn", "states"],
]);

const read = new Map<string, ServiceShapes>();

export interface ActionShape {
  readonly shapes: ServiceShapes["shapes"];
  /** The name of the shape of the answer. */
  readonly answer: string;
}

/**
 * What a resource answers; undefined if that is not known. A nested execution that is waited for answers as DescribeExecution; other jobs that are waited
 * for, and whoever has a token, may answer anything.
 */
export function answerOf(resource: Resource): ActionShape | undefined {
  if (resource.kind !== "service") return undefined;
  const { type, action, pattern } = resource;
  if (pattern === "request-response") return find(type, action);
  if (type !== "states" || pattern === "token") return undefined;
  const described = find(type, "describeExecution");
  return pattern === "sync" ? described : described && withValues(described);
}

/** `.sync:2` has values where `.sync` has their texts. */
function withValues({ shapes, answer }: ActionShape): ActionShape {
  const fields = (shapes.get(answer) ?? []).map((field): Field =>
    field.name === "Input" || field.name === "Output" ? { ...field, shape: { kind: "any" } } : field,
  );
  return { shapes: new Map([...shapes, [answer, fields]]), answer };
}

function find(type: string, action: string): ActionShape | undefined {
  const plain = type.replace(/^aws-sdk:/, "");
  const shapes = shapesOf(otherNames.get(plain) ?? plain);
  const answer = shapes?.actions.get(action);
  return shapes === undefined || answer === undefined ? undefined : { shapes: shapes.shapes, answer };
}

function shapesOf(service: string): ServiceShapes | undefined {
  const known = read.get(service);
  if (known !== undefined) return known;
  const text = texts.get(service);
  if (text === undefined) return undefined;
  const shapes = readShapes(text);
  read.set(service, shapes);
  return shapes;
}
