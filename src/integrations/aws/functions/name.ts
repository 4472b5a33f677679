/** How a Lambda function is named: `NAME`, `NAME:ALIAS`, `ACCOUNT:function:NAME`, `arn:…:function:NAME[:ALIAS]` (Lambda API, Invoke, FunctionName). */

export interface FunctionName {
  readonly name: string;
  /** A version or an alias. */
  readonly qualifier?: string | undefined;
  readonly region?: string | undefined;
  readonly account?: string | undefined;
}

const ARN = /^arn:[^:]+:lambda:([^:]*):([^:]*):function:([^:]+)(?::([^:]+))?$/;
const PARTIAL = /^(\d{12}):function:([^:]+)(?::([^:]+))?$/;

export function parseFunctionName(text: string): FunctionName {
  const [arn, region, account, name = "", qualifier] = ARN.exec(text) ?? [];
  if (arn !== undefined) return { name, qualifier, region, account };
  const [partial, owner, own = "", version] = PARTIAL.exec(text) ?? [];
  if (partial !== undefined) return { name: own, qualifier: version, account: owner };
  const [plain = text, alias] = text.split(":");
  return { name: plain, qualifier: alias };
}

/** Names under which a handler may be registered, the most exact first. */
export function functionHandlerNames(
  { name, qualifier }: FunctionName,
  asWritten: string,
): readonly string[] {
  return qualifier === undefined ? [name, asWritten] : [`${name}:${qualifier}`, name, asWritten];
}
