/**
 * What the interpreter needs around it. In a run these are durable calls (`durable-world.ts`); TestState hands in plain ones.
 *
 * Invariant: nothing in the interpreter reads a clock, a random source or the outside in any other way.
 */
import type { Json } from "../json.ts";
import type {
  ChildrenBefore,
  ChildrenBeforeCall,
  EvaluationAnswer,
  EvaluationCall,
  ItemsBefore,
  ItemsBeforeCall,
  ItemsCall,
  ItemsPage,
  OfferCall,
  ResolvedMachine,
  TaskCall,
  WriteCall,
} from "../task-host.ts";

/** How an execution has ended. */
export type Ending =
  | { readonly status: "SUCCEEDED"; readonly output: string }
  | {
      readonly status: "FAILED" | "TIMED_OUT" | "ABORTED";
      readonly error?: string | undefined;
      readonly cause?: string | undefined;
    };

/** Another execution that this one has started. */
export interface StartedRun {
  readonly id: string;
  /** @throws StatesError StepFunctions.ExecutionAlreadyExistsException */
  ending(): Promise<Ending>;
  /** Asks it to stop. */
  cancel(): void;
}

export interface StartCall {
  /** The workflow's name. */
  readonly workflow: string;
  readonly input: unknown;
  readonly id: string;
  /** What becomes of it when this execution ends first. */
  readonly detached: boolean;
  readonly timeoutMs?: number | undefined;
}

export interface World {
  /** Epoch milliseconds. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  uuid(): string;
  sleepUntil(time: number): Promise<void>;
  /** Gives others a turn: a machine that only computes must not keep the thread. */
  pause(): Promise<void>;
  /** @throws StatesError; `States.Timeout` after `timeoutMs` */
  invoke(name: string, call: TaskCall, timeoutMs: number | undefined): Promise<Json>;
  evaluate(call: EvaluationCall): Promise<readonly EvaluationAnswer[]>;
  readItems(call: ItemsCall): Promise<ItemsPage>;
  itemsBefore(call: ItemsBeforeCall): Promise<ItemsBefore | undefined>;
  childrenBefore(call: ChildrenBeforeCall): Promise<ChildrenBefore>;
  write(call: WriteCall): Promise<void>;
  /** Resolves when it is taken back. */
  offer(call: OfferCall): Promise<void>;
  hasActivity(arn: string): Promise<boolean>;
  /** `name`: what the execution is to be called, if that is said. */
  resolve(arn: string, name: string | undefined): Promise<ResolvedMachine>;
  start(call: StartCall): StartedRun;
  /**
   * Waits for a word that comes from inside of the run. `register` gets the function that ends the wait, and returns what is called when it is over, however it
   * ended: with the word, or with the block around it.
   */
  wait<T>(register: (say: (word: T) => void) => () => void): Promise<T>;
  /** Runs a block that can be canceled by itself. */
  cancelable<T>(block: () => Promise<T>): [Promise<T>, () => void];
}
