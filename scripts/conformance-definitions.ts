// The part of `npm run conformance` that asks a server about published definitions: which it accepts and refuses, suite by suite.
import { differenceOf, differences, publishedDefinitions, textOf } from "../test/conformance/definitions.ts";
import type { Published } from "../test/conformance/definitions.ts";

/** What ValidateStateMachineDefinition says: true for accepted. */
async function accepted(url: string, definition: string): Promise<boolean> {
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "AWSStepFunctions.ValidateStateMachineDefinition",
    },
    body: JSON.stringify({ definition }),
  });
  if (!answer.ok) throw new Error(`ValidateStateMachineDefinition: ${answer.status} ${await answer.text()}`);
  const { result } = (await answer.json()) as { readonly result: "OK" | "FAIL" };
  return result === "OK";
}

interface Count {
  right: number;
  all: number;
}

/** Asks the server at `url` about all of them, prints a table, and returns what is neither as its suite says nor a known difference, and the other way round. */
export async function definitionsTable(url: string, folder: string): Promise<string[]> {
  const counts = new Map<string, { readonly valid: Count; readonly invalid: Count }>();
  const wrong: string[] = [];
  const different = new Set<string>();
  for (const published of publishedDefinitions(folder)) {
    const { suite, file, expect } = published;
    if (expect === "unstated") continue;
    const row = counts.get(suite) ?? { valid: { right: 0, all: 0 }, invalid: { right: 0, all: 0 } };
    counts.set(suite, row);
    const right = (await accepted(url, textOf(published))) === (expect === "valid");
    row[expect].all++;
    if (right) row[expect].right++;
    else if (differenceOf(published) === undefined)
      wrong.push(`FAILED  ${suite} ${file} is said to be ${expect}`);
    else different.add(differenceOf(published) as string);
  }
  for (const name of Object.keys(differences))
    if (!different.has(name)) wrong.push(`PASSES  ${name} is listed as a difference`);
  print(counts);
  return wrong;
}

function print(
  counts: ReadonlyMap<Published["suite"], { readonly valid: Count; readonly invalid: Count }>,
): void {
  console.log(`\n${"definitions".padEnd(40)}${"accepted".padStart(10)}${"refused".padStart(10)}`);
  const text = ({ right, all }: Count): string => (all === 0 ? "" : `${right}/${all}`).padStart(10);
  for (const [suite, { valid, invalid }] of counts)
    console.log(`${suite.padEnd(40)}${text(valid)}${text(invalid)}`);
}
