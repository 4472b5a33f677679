// kill -9 of the process that serves: in an execution with JSONata that is evaluated elsewhere, and in the middle of a redrive.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { chain, folder, task, until } from "./real.ts";
import { type Served, serve as serveStore } from "./served.ts";

async function serve(place: string): Promise<Served> {
  return await serveStore(place, ["--handlers", join(place, "handlers.mjs")]);
}

const handlers = `
import { appendFileSync, existsSync } from "node:fs";
const place = (name) => new URL(name, import.meta.url);
export function once(input) { appendFileSync(place("calls"), "x"); return input; }
export function fragile(input) { if (!existsSync(place("repaired"))) throw new Error("broken"); return input; }
`;

test(
  "an execution, its redrive and the values of its expressions survive kill -9",
  { timeout: 90_000 },
  async () => {
    const place = folder();
    writeFileSync(join(place, "handlers.mjs"), handlers);
    const jsonata = { QueryLanguage: "JSONata" };
    const definition = chain({
      Sum: {
        ...jsonata,
        Type: "Pass",
        Assign: {
          total: "{% $reduce($states.input.list, function($sum, $each) { $sum + $each }, 0) %}",
          id: "{% $uuid() %}",
        },
      },
      Once: task("once"),
      Rest: { Type: "Wait", Seconds: 2 },
      Fragile: task("fragile"),
      Again: { Type: "Wait", Seconds: 2 },
      End: {
        ...jsonata,
        Type: "Pass",
        Output: {
          total: "{% $total %}",
          id: "{% $id %}",
          redrives: "{% $states.context.Execution.RedriveCount %}",
        },
      },
    });
    const first = await serve(place);
    const executionArn = await first.start(definition, { input: { list: [1, 2, 3, 4] } });
    const waits = (api: Served, number: number) => async (): Promise<boolean> =>
      (await api.types(executionArn)).filter((type) => type === "WaitStateEntered").length === number;
    await until(waits(first, 1));
    const before = await first.events(executionArn);
    await first.kill();

    const second = await serve(place);
    expect(await second.ended(executionArn)).toMatchObject({ status: "FAILED" });
    expect((await second.events(executionArn)).slice(0, before.length)).toEqual(before);
    writeFileSync(join(place, "repaired"), "");
    await second.ok("RedriveExecution", { executionArn });
    await until(waits(second, 2));
    await second.kill();

    const third = await serve(place);
    const { status, output, redriveCount } = await third.ended(executionArn);
    expect({ status, redriveCount }).toEqual({ status: "SUCCEEDED", redriveCount: 1 });
    const { id } = (
      before.find(({ type }) => type === "PassStateExited") as unknown as {
        stateExitedEventDetails: { assignedVariables: { id: string } };
      }
    ).stateExitedEventDetails.assignedVariables;
    expect(JSON.parse(output)).toEqual({ total: 10, id: JSON.parse(id), redrives: 1 });
    const events = await third.events(executionArn);
    expect(events.map((event) => event.id)).toEqual(events.map((_event, index) => index + 1));
    expect(events.filter(({ type }) => type === "LambdaFunctionScheduled")).toHaveLength(3);
    await third.kill();
  },
);
