/**
 * What a template's references become without a deployment: ARNs and names that carry the logical id, in account 000000000000 and region us-east-1.
 */
import { isObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";

const account = "000000000000";
const region = "us-east-1";

const pseudoParameters: Readonly<Record<string, string>> = {
  "AWS::AccountId": account,
  "AWS::Partition": "aws",
  "AWS::Region": region,
  "AWS::StackId": `arn:aws:cloudformation:${region}:${account}:stack/stack/0`,
  "AWS::StackName": "stack",
  "AWS::URLSuffix": "amazonaws.com",
};

/** The ARN of a function, by its logical id or its name. */
export function functionArn(name: string): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}

/** How the ARNs of a type begin, and whether `Ref` gives the ARN too. */
const kinds: readonly { readonly type: RegExp; readonly arn: string; readonly byRef?: boolean }[] = [
  { type: /::(Lambda|Serverless)::Function$/u, arn: functionArn("") },
  { type: /::Lambda::(Alias|Version)$/u, arn: functionArn(""), byRef: true },
  { type: /::StateMachine$/u, arn: `arn:aws:states:${region}:${account}:stateMachine:`, byRef: true },
  { type: /::Activity$/u, arn: `arn:aws:states:${region}:${account}:activity:`, byRef: true },
  { type: /::SNS::Topic$/u, arn: `arn:aws:sns:${region}:${account}:`, byRef: true },
  { type: /::SQS::Queue$/u, arn: `arn:aws:sqs:${region}:${account}:` },
  { type: /::Table$/u, arn: `arn:aws:dynamodb:${region}:${account}:table/` },
  { type: /::S3::Bucket$/u, arn: "arn:aws:s3:::" },
  { type: /::IAM::Role$/u, arn: `arn:aws:iam::${account}:role/` },
];

const otherArn = `arn:aws:cloudformation:${region}:${account}:resource/`;

/** What `Ref` gives. */
export function refOf(name: string, template: JsonObject): Json {
  const known = pseudoParameters[name];
  if (known !== undefined) return known;
  const parameter = fieldOf(template["Parameters"], name);
  if (isObject(parameter)) return parameter["Default"] ?? name;
  const type = typeOf(name, template);
  const kind = kinds.find((one) => one.type.test(type));
  if (type === "AWS::SQS::Queue") return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
  return kind?.byRef === true ? `${kind.arn}${name}` : name;
}

/** What `Fn::GetAtt` gives. */
export function attributeOf(name: string, attribute: string, template: JsonObject): string {
  if (!/Arn$/iu.test(attribute))
    return attribute === "Name" || attribute.endsWith("Name") ? name : `${name}.${attribute}`;
  const kind = kinds.find((one) => one.type.test(typeOf(name, template)));
  return `${kind?.arn ?? otherArn}${name}`;
}

function typeOf(name: string, template: JsonObject): string {
  const resource = fieldOf(template["Resources"], name);
  const type = isObject(resource) ? resource["Type"] : undefined;
  return typeof type === "string" ? type : "";
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
