/** The client: start runs, find them, list them; embedded or over HTTP. */
import { durationMs } from "../core/duration.ts";
import type { Duration } from "../core/duration.ts";
import { checkName } from "../core/names.ts";
import { encodePayload } from "../core/payload.ts";
import { checkInput } from "../workflow/schema.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { Backend, ListFilter, RunPage, RunSummary } from "./backend.ts";
import { RunHandle } from "./run-handle.ts";
import type { ForkOptions } from "./run-handle.ts";

/** How a run is started. */
export interface StartOptions<Input> {
  /** Unique among all runs. Default: the workflow's name and a unique part. */
  readonly id?: string | undefined;
  readonly input?: Input | undefined;
  /** The run's time limit. Default: the workflow's. */
  readonly timeout?: Duration | undefined;
  /** A second start with the same operation id and run id is a repeat: it returns the run. Default: a new one for each call. */
  readonly operation?: string | undefined;
}

const pageSize = 200;

export class Client {
  readonly #backend: Backend;
  readonly #unique: () => string;

  constructor(backend: Backend, unique: () => string) {
    this.#backend = backend;
    this.#unique = unique;
  }

  /**
   * Starts a run; resolves when it is durable.
   * @throws UnknownWorkflowError, InvalidInputError, DuplicateRunError, PayloadError, DarumaError DRM-INVALID-NAME
   */
  async start<Input, Output>(
    workflow: Workflow<Input, Output> | string,
    options: StartOptions<Input> = {},
  ): Promise<RunHandle<Output>> {
    const name = typeof workflow === "string" ? workflow : workflow.name;
    const id = options.id ?? `${name}-${this.#unique()}`;
    checkName("run id", id);
    const { input: schema, timeout = options.timeout } = typeof workflow === "string" ? {} : workflow.options;
    const value = schema === undefined ? options.input : await checkInput(schema, options.input, name);
    const limit = options.timeout ?? timeout;
    await this.#backend.start({
      workflow: name,
      id,
      input:
        value === undefined ? undefined : encodePayload(value, { subject: `the input of workflow ${name}` }),
      operation: options.operation ?? this.#unique(),
      timeoutMs: limit === undefined ? undefined : durationMs(limit, "timeout"),
      checked: typeof workflow !== "string",
    });
    return new RunHandle<Output>(id, this.#backend, this.#unique);
  }

  /** A handle on a run, whether it exists or not: its methods will tell. The workflow, if given, is for the type of the result. */
  get<Input, Output = unknown>(id: string, _workflow?: Workflow<Input, Output>): RunHandle<Output> {
    return new RunHandle<Output>(id, this.#backend, this.#unique);
  }

  /** Makes a new run from the history of run `id`; the same as `fork()` of its handle. */
  fork<Output = unknown>(id: string, options: ForkOptions = {}): Promise<RunHandle<Output>> {
    return this.get<unknown, Output>(id).fork(options);
  }

  /** The runs that fit, newest first. */
  async *list(filter: ListFilter = {}): AsyncGenerator<RunSummary> {
    let before: number | undefined;
    do {
      const page = await this.#backend.list(filter, { before, limit: pageSize });
      yield* page.runs;
      before = page.next;
    } while (before !== undefined);
  }

  /** One page of the runs that fit, newest first; `before` is `next` of the page before. For those who hand pages on. */
  listPage(
    filter: ListFilter,
    page: { readonly before?: number | undefined; readonly limit: number },
  ): Promise<RunPage> {
    return this.#backend.list(filter, page);
  }

  /** Stops. Embedded: lets running activities finish for a while first; open runs go on when they are next opened. */
  close(): Promise<void> {
    return this.#backend.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
