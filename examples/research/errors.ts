/**
 * The errors of the example. The engine reads two properties of whatever an activity throws: `nonRetryable` (another attempt cannot help)
 * and `retryAfter` (wait this long before it).
 */

/** Something in the question, the folder or the configuration is wrong: another attempt cannot help. */
export class ResearchInputError extends Error {
  override readonly name = "ResearchInputError";
  readonly nonRetryable = true;
}

/** The language model could not be reached or was busy. `retryAfter` is what its server asked for, in milliseconds. */
export class ModelUnavailableError extends Error {
  override readonly name = "ModelUnavailableError";
  declare readonly retryAfter?: number;

  constructor(message: string, options: { retryAfter?: number | undefined } = {}) {
    super(message);
    if (options.retryAfter !== undefined) this.retryAfter = options.retryAfter;
  }
}

/** The language model answered with something that cannot be used. Another attempt may help. */
export class ModelAnswerError extends Error {
  override readonly name = "ModelAnswerError";
}

/** A search failed because the demo's simulated weather said so. */
export class SimulatedWeatherError extends Error {
  override readonly name = "SimulatedWeatherError";
}

/** One line that says what went wrong, for whatever was thrown or recorded: the name and the first line of the message. */
export function describeError(error: unknown): string {
  const { name, message } = Object(error) as { name?: unknown; message?: unknown };
  const text =
    typeof message === "string" ? `${typeof name === "string" ? name : "Error"}: ${message}` : String(error);
  return (text.split("\n")[0] ?? "").replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
}
