/** Logging, tracing and encryption of a state machine: kept, checked and returned as AWS does; only logging has an effect (see execution-log.ts). */
import { ApiError } from "./api-error.ts";
import type { Configuration, Revision } from "./documents.ts";
import type { Params } from "./params.ts";
import type { Values } from "./shape.ts";

/** What the request says, over what was so before. @throws ApiError InvalidLoggingConfiguration, InvalidTracingConfiguration, InvalidEncryptionConfiguration */
export function configurationOf(params: Params, before?: Configuration): Configuration {
  const logging = params.object("loggingConfiguration");
  const tracing = params.object("tracingConfiguration");
  const encryption = params.object("encryptionConfiguration");
  return {
    loggingConfiguration:
      logging === undefined && before !== undefined ? before.loggingConfiguration : loggingOf(logging ?? {}),
    tracingConfiguration:
      tracing === undefined && before !== undefined
        ? before.tracingConfiguration
        : { enabled: tracing?.["enabled"] ?? false },
    encryptionConfiguration:
      encryption === undefined ? before?.encryptionConfiguration : checkEncryption(encryption),
  };
}

function loggingOf({ level = "OFF", includeExecutionData = false, destinations }: Values): object {
  const count = Array.isArray(destinations) ? destinations.length : 0;
  if ((level !== "OFF" && count !== 1) || count > 1)
    throw new ApiError(
      "InvalidLoggingConfiguration",
      "Invalid Logging Configuration: Must specify exactly one Log Destination.",
    );
  return { ...(destinations === undefined ? {} : { destinations }), includeExecutionData, level };
}

/** @throws ApiError InvalidEncryptionConfiguration */
export function checkEncryption(encryption: Values): Values {
  const managed = encryption["type"] === "CUSTOMER_MANAGED_KMS_KEY";
  const keyId = encryption["kmsKeyId"];
  if (managed && keyId === undefined)
    throw new ApiError(
      "InvalidEncryptionConfiguration",
      "Invalid Encryption Configuration: 'kmsKeyId' must be provided for 'CUSTOMER_MANAGED_KMS_KEY'.",
    );
  if (!managed && (keyId !== undefined || encryption["kmsDataKeyReusePeriodSeconds"] !== undefined))
    throw new ApiError(
      "InvalidEncryptionConfiguration",
      "Invalid Encryption Configuration: 'kmsKeyId' and 'kmsDataKeyReusePeriodSeconds' are not allowed for 'AWS_OWNED_KEY'.",
    );
  return managed ? { kmsDataKeyReusePeriodSeconds: 300, ...encryption } : encryption;
}

/** True if both run the same in the same way. The order of keys does not matter. */
export function isSame(left: Omit<Revision, "date">, right: Omit<Revision, "date">): boolean {
  return (
    left.definition === right.definition && left.roleArn === right.roleArn && isConfiguredAlike(left, right)
  );
}

export function isConfiguredAlike(left: Configuration, right: Configuration): boolean {
  return textOf(left) === textOf(right);
}

function textOf({
  loggingConfiguration,
  tracingConfiguration,
  encryptionConfiguration = ownedKey,
}: Configuration): string {
  return JSON.stringify(sorted([loggingConfiguration, tracingConfiguration, encryptionConfiguration]));
}

/** What holds where nothing is said of encryption. */
export const ownedKey = { type: "AWS_OWNED_KEY" } as const;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, field]) => [key, sorted(field)]),
  );
}
