/**
 * Errors of the Step Functions API: `__type` and `message` of an answer with status 400 (AWS Step Functions API Reference, "Common Errors" and the errors of
 * each action). The texts are AWS's.
 */

/** An answer that says why a request was refused. */
export class ApiError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = type;
    this.type = type;
  }
}

export function invalidArn(why: string): ApiError {
  return new ApiError("InvalidArn", `Invalid Arn: '${why}'`);
}

export function validationError(message: string): ApiError {
  return new ApiError("ValidationException", message);
}

export function machineDoesNotExist(arn: string): ApiError {
  return new ApiError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
}

export function executionDoesNotExist(arn: string): ApiError {
  return new ApiError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
}

export function activityDoesNotExist(arn: string): ApiError {
  return new ApiError("ActivityDoesNotExist", `Activity Does Not Exist: '${arn}'`);
}

/** For aliases and the versions that they lead to. */
export function resourceNotFound(message = "Request references a resource that does not exist."): ApiError {
  return new ApiError("ResourceNotFound", message);
}

export function conflict(message: string): ApiError {
  return new ApiError("ConflictException", message);
}

export function invalidToken(): ApiError {
  return new ApiError("InvalidToken", "Invalid Token: 'Invalid token'");
}

export function wrongMachineType(): ApiError {
  return new ApiError(
    "StateMachineTypeNotSupported",
    "This operation is not supported by this type of state machine",
  );
}
