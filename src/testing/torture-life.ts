/** One life of a tortured run: from its start to the end of everything, with one crash on the way or none. */
import type { RunHandle } from "../client/run-handle.ts";
import { DarumaError, DuplicateRunError } from "../core/errors.ts";
import type { AnyWorkflow, Workflow } from "../workflow/workflow.ts";
import { beginLife } from "./life.ts";
import { lookAt } from "./look.ts";
import type { Look } from "./look.ts";
import type { CrashPoint } from "./mortal.ts";
import { Seat } from "./seat.ts";
import type { Script } from "./seat.ts";
import { TestDaruma } from "./test-daruma.ts";
import { counter, World } from "./world.ts";
import type { TestOptions } from "./world.ts";

/** How a run is tortured, besides the options of the kit. */
export interface TortureOptions<Output = unknown> extends Omit<TestOptions, "workflows" | "autoSkip"> {
  /** Other workflows that take part: children. */
  readonly workflows?: readonly AnyWorkflow[] | undefined;
  /** The run's id. Default: the workflow's name. */
  readonly id?: string | undefined;
  /**
   * Drives the run: sends signals and updates, moves time. After a crash it is called again from its beginning, so it must do the same each time; what it
   * had sent is not sent twice, and `advance` goes to the same moments.
   */
  readonly script?: ((run: RunHandle<Output>, test: TestDaruma) => unknown) | undefined;
  /** Called before each life: puts the world outside of Daruma back to its beginning. */
  readonly setup?: (() => unknown) | undefined;
  /** Called after each life: what it returns must be the same as without a crash. For effects that must not happen twice. */
  readonly observe?: (() => unknown) | undefined;
}

/** What is tortured. */
export interface TortureSubject<Input, Output> {
  readonly workflow: Workflow<Input, Output>;
  readonly input: Input;
  readonly options: TortureOptions<Output>;
}

/** How a life went. */
export interface LifeStory {
  readonly look: Look;
  /** Commits of the last process; of the whole life, if there was no crash. */
  readonly commits: number;
  readonly crashed: boolean;
  /** The script failed, or nothing could move the run any more. */
  readonly error: Error | undefined;
}

/** Lives through it once. */
export async function liveThrough<Input, Output>(
  subject: TortureSubject<Input, Output>,
  crash?: CrashPoint,
): Promise<LifeStory> {
  const { workflow, options } = subject;
  const { workflows = [], setup, observe } = options;
  await setup?.();
  const world = new World({
    ...options,
    workflows: [workflow, ...workflows.filter((other) => other !== workflow)],
  });
  const script: Omit<Script, "unique"> = { ends: [], sent: new Set() };
  const first = await process(world, subject, { script, crash });
  const last = first.crashed ? await process(world, subject, { script }) : first;
  const look = await lookAt(world, await observe?.());
  return { look, commits: last.commits, crashed: first.crashed, error: last.error };
}

interface ProcessOptions {
  readonly script: Omit<Script, "unique">;
  readonly crash?: CrashPoint | undefined;
}

/** One process, until everything is over or it crashes. */
async function process<Input, Output>(
  world: World,
  subject: TortureSubject<Input, Output>,
  { script, crash }: ProcessOptions,
): Promise<{ readonly crashed: boolean; readonly commits: number; readonly error: Error | undefined }> {
  const life = await beginLife(world, crash);
  const test = new TestDaruma(new Seat(world, life, { ...script, unique: counter() }));
  const ended = drive(subject, test).then(
    () => undefined,
    (error: unknown) => ({ error: error as Error }),
  );
  const failed = await Promise.race([ended, life.mortal.died]);
  const { dead: crashed, commits } = life.mortal;
  life.die();
  if (world.fatal !== undefined) throw world.fatal;
  return { crashed, commits, error: crashed ? undefined : failed?.error };
}

async function drive<Input, Output>(
  { workflow, input, options }: TortureSubject<Input, Output>,
  test: TestDaruma,
): Promise<void> {
  const run = await start(test, workflow, { input, id: options.id ?? workflow.name });
  await options.script?.(run, test);
  await run.result().catch(rethrowStuck);
  await test.idle();
}

/** A repeat finds the run, whatever has become of it. */
async function start<Input, Output>(
  test: TestDaruma,
  workflow: Workflow<Input, Output>,
  { id, input }: { readonly id: string; readonly input: Input },
): Promise<RunHandle<Output>> {
  try {
    return await test.start(workflow, { id, input, operation: "torture" });
  } catch (error) {
    if (error instanceof DuplicateRunError) return test.get(id, workflow);
    throw error;
  }
}

/** How the run ended is compared; that it cannot end is an error of the test. */
function rethrowStuck(error: unknown): void {
  if (error instanceof DarumaError && ["DRM-TEST-STUCK", "DRM-CONNECTION"].includes(error.code)) throw error;
}
