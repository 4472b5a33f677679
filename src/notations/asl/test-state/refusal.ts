/** Why a request for a test is refused: `__type` and `message` of an answer with status 400 (AWS Step Functions API Reference, "TestState"). */

/** Errors of the API. */
export type RefusalCode = "InvalidDefinition" | "InvalidExecutionInput" | "ValidationException";

/** A test was not made. The message is AWS's where AWS's is known. */
export class TestStateError extends Error {
  override readonly name: string = "TestStateError";
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function invalid(message: string): TestStateError {
  return new TestStateError("ValidationException", message);
}
