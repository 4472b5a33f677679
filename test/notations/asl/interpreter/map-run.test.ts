// Map runs survive what every run survives.
import { expect, it } from "vitest";
import type { Workflow } from "daruma";
import { torture } from "daruma/testing";
import { machine, named, task } from "./machines.ts";

const definition = {
  StartAt: "Both",
  States: {
    Both: {
      Type: "Parallel",
      Branches: [
        {
          StartAt: "Each",
          States: {
            Each: {
              Type: "Map",
              MaxConcurrency: 2,
              ToleratedFailureCount: 1,
              ItemBatcher: { MaxItemsPerBatch: 1 },
              ItemProcessor: {
                ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
                StartAt: "Work",
                States: { Work: task("Work") },
              },
              End: true,
            },
          },
        },
        { StartAt: "Rest", States: { Rest: { Type: "Wait", Seconds: 60, End: true } } },
      ],
      OutputPath: "$[0]",
      End: true,
    },
  },
};

const Work = (input: unknown): unknown => {
  const [item] = (input as { Items: number[] }).Items;
  if (item === 2) throw named("Broken");
  return item;
};

it("a Distributed Map comes to the same end after a crash at any commit", async () => {
  const workflow = machine(definition, { Work }) as unknown as Workflow<unknown, unknown>;
  const report = await torture(workflow, [1, 2, 3]);
  expect(report.differences).toEqual([]);
  expect(report.points).toBeGreaterThan(4);
});
