/**
 * Evaluates intrinsic calls.
 *
 * A call that fails is States.Runtime, with the whole text of the outermost call in its cause: that is what AWS gives, although the specification has
 * States.IntrinsicFailure for it.
 */
import { textOf } from "../json.ts";
import type { Json } from "../json.ts";
import { readPath } from "../path/path.ts";
import type { Path, PathRoots } from "../path/path.ts";
import { indexProblem } from "../path/reason.ts";
import { PathSyntaxError } from "../path/syntax-error.ts";
import { StatesError } from "../states-error.ts";
import { functions } from "./functions.ts";
import { IntrinsicProblem } from "./problem.ts";
import type { IntrinsicPorts } from "./problem.ts";
import { compileCall } from "./parse.ts";
import type { Argument, Call } from "./parse.ts";

/** The value of an intrinsic call. `field` is what errors call the field that holds it. @throws StatesError States.Runtime */
export function evaluateCall(
  text: string,
  roots: PathRoots,
  { field, ports }: { readonly field: string; readonly ports: IntrinsicPorts },
): Json {
  try {
    return run(compileCall(text), roots, ports);
  } catch (error) {
    throw asStatesError(error, text, field);
  }
}

function asStatesError(error: unknown, text: string, field: string): unknown {
  if (error instanceof IntrinsicProblem)
    return runtime(`The function '${text}' had the following error: ${error.message}`);
  if (error instanceof PathSyntaxError)
    return runtime(
      `The value '${text}' of the field '${field}' is not a valid JSONPath or intrinsic function call: ${error.message}`,
    );
  return error;
}

function run(call: Call, roots: PathRoots, ports: IntrinsicPorts): Json {
  const intrinsic = functions.get(call.name);
  const given = call.arguments.map((one, at) =>
    // The template of Format has escapes of its own.
    one.kind === "literal" && one.raw !== undefined && at === 0 && call.name === "States.Format"
      ? one.raw
      : valueOf(one, roots, ports),
  );
  const { least = 0, most = 0 } = intrinsic ?? {};
  if (intrinsic === undefined || given.length < least || given.length > most)
    throw new IntrinsicProblem(`Invalid number of arguments in ${call.name}`);
  return intrinsic.run(given, ports);
}

function valueOf(argument: Argument, roots: PathRoots, ports: IntrinsicPorts): Json {
  if (argument.kind === "literal") return argument.value;
  if (argument.kind === "call") return run(argument.call, roots, ports);
  const value = readPath(argument.path, roots);
  return value === undefined ? miss(argument.path, roots) : value;
}

/** AWS names a path into the context object without its first `$`, and the state's input as what was searched. */
function miss(path: Path, roots: PathRoots): never {
  const text = path.root === "context" ? path.text.slice(1) : path.text;
  throw new IntrinsicProblem(
    indexProblem(path, roots) ??
      `The JsonPath argument for the field '${text}' could not be found in the input '${textOf(roots.input)}'`,
  );
}

function runtime(cause: string): StatesError {
  return new StatesError("States.Runtime", { cause, inState: true });
}
