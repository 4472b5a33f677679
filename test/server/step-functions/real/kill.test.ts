// kill -9 of the process that serves: in an execution with JSONata that is evaluated elsewhere, and in the middle of a redrive.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { callsTo } from "../world.ts";
import { chain, folder, type Real, shortWays, task, until } from "./real.ts";

const main = fileURLToPath(new URL("../../../../src/cli/main.ts", import.meta.url));

type Served = Omit<Real, "close"> & { kill(): Promise<void> };

async function serve(place: string): Promise<Served> {
  const command = [
    "serve",
    "--json",
    "--step-functions",
    "0",
    "--store",
    `sqlite:${join(place, "daruma.db")}`,
  ];
  const args = ["--conditions=daruma-source", main, ...command, "--handlers", join(place, "handlers.mjs")];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const kill = async (): Promise<void> => {
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
  };
  for await (const line of child.stdout === null ? [] : createInterface(child.stdout)) {
    const { endpoint } = JSON.parse(line) as { endpoint: string };
    return { ...shortWays(callsTo(Number(new URL(endpoint).port))), kill };
  }
  return expect.unreachable("it says when it is ready");
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
