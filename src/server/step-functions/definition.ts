/** Definitions: refused with AWS's words if they are wrong, and what the API says about them besides. */
import { invalidDefinition } from "../../notations/asl/check/aws-message.ts";
import { checkDefinition } from "../../notations/asl/check/check.ts";
import type { JsonObject } from "../../notations/asl/json.ts";
import { TestStateError } from "../../notations/asl/test-state/refusal.ts";
import { ApiError } from "./api-error.ts";
import type { MachineType, Operations } from "./service.ts";

/** @throws ApiError InvalidDefinition */
export function requireValid(definition: string, type: MachineType, awsLimits: boolean): void {
  const { diagnostics, machine } = checkDefinition(definition, { type, awsLimits });
  if (machine === undefined)
    throw new ApiError("InvalidDefinition", invalidDefinition(diagnostics, definition));
}

/** The time limit of the whole execution in milliseconds, if the definition sets one. The definition has been checked. */
export function timeLimit(definition: string): number | undefined {
  const { TimeoutSeconds } = JSON.parse(definition) as { readonly TimeoutSeconds?: unknown };
  return typeof TimeoutSeconds === "number" && TimeoutSeconds > 0 ? TimeoutSeconds * 1000 : undefined;
}

export const definitionOperations: Operations = {
  ValidateStateMachineDefinition: async (service, params) => {
    const type = params.optional("type") as MachineType | undefined;
    const wanted = params.optional("severity") ?? "ERROR";
    const { awsLimits } = service;
    const { diagnostics } = checkDefinition(params.text("definition"), { type, awsLimits });
    const all = diagnostics.filter(({ severity }) => severity === "ERROR" || wanted === "WARNING");
    const most = params.number("maxResults") ?? 0;
    const shown = all.slice(0, most === 0 ? 100 : most);
    return {
      result: all.some(({ severity }) => severity === "ERROR") ? "FAIL" : "OK",
      diagnostics: shown.map(({ severity, code, message, pointer }) => ({
        severity,
        code,
        message,
        ...(pointer === "" ? {} : { location: pointer }),
      })),
      truncated: shown.length < all.length,
    };
  },

  TestState: async (service, params) => {
    try {
      return await service.testState(params.values as JsonObject);
    } catch (error) {
      throw error instanceof TestStateError ? new ApiError(error.code, error.message) : error;
    }
  },
};
