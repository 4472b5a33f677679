/**
 * What the evaluator and its processes say to each other: a call is one line of JSON (an `EvaluationCall`); the answer to each of its expressions is another
 * (an `EvaluationAnswer`), in their order.
 */

/** The first line of a process. */
export const readyLine = "ready";
