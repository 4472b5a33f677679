/** Amazon States Language: state machines as workflows, and the checker of definitions. */
export { stateMachine, type StateMachineOptions } from "./embedded/state-machine.ts";
export type { Handler, HandlerContext } from "./integrations/aws/options.ts";
export { checkDefinition, type Checked, type Diagnostic } from "./notations/asl/check/check.ts";
export { eventsQuery, type EventsPage, type HistoryEvent } from "./notations/asl/execution.ts";
export type { Json } from "./notations/asl/json.ts";
export { StatesError, type StatesErrorOptions } from "./notations/asl/states-error.ts";
