/** Checks the Map state: its processor, and what only a Distributed Map has (Step Functions Developer Guide, "Map state in Distributed mode"). */
import { isObject } from "../json.ts";
import type { JsonObject } from "../json.ts";
import { checkFields, field, jsonataOnly, oneOfFields, pathOnly, required } from "./fields.ts";
import type { Fields, Rule } from "./fields.ts";
import { checkExpressionText } from "./jsonata.ts";
import { checkLabel } from "./names.ts";
import type { Place } from "./place.ts";
import { objectTemplate, template } from "./template.ts";
import * as values from "./values.ts";

const count: Rule = values.number({ min: 0, expression: true });
const positive: Rule = values.number({ min: 1, expression: true });
const percentage: Rule = values.number({ min: 0, max: 100, expression: true, fraction: true });

const items: Rule = (value, at) => {
  if (typeof value === "string") checkExpressionText(value, at);
  else if (Array.isArray(value) || isObject(value)) template(value, at);
  else at.error("Expected value of type [ARRAY]");
};

const readerConfig: Rule = (value, at) => {
  const found = checkFields(value, at, {
    InputType: field(values.oneOf("CSV", "JSON", "JSONL", "MANIFEST", "PARQUET")),
    CSVHeaderLocation: field(values.oneOf("FIRST_ROW", "GIVEN")),
    CSVHeaders: field(values.listOf(values.text, { needed: true })),
    CSVDelimiter: field(values.oneOf("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")),
    ItemsPointer: field(values.text),
    ManifestType: field(values.oneOf("ATHENA_DATA", "S3_INVENTORY")),
    Transformation: field(values.oneOf("NONE", "LOAD_AND_FLATTEN")),
    MaxItems: field(values.number({ min: 0, max: 100_000_000, expression: true })),
    MaxItemsPath: pathOnly(values.pathOrCall),
  });
  if (found === undefined) return;
  oneOfFields(found, at, { names: ["MaxItems", "MaxItemsPath"] });
  if (found["CSVHeaderLocation"] === "GIVEN" && !("CSVHeaders" in found))
    at.error("These fields are required: [CSVHeaders]");
};

const itemReader: Rule = (value, at) => {
  checkFields(value, at, {
    Resource: required(values.name),
    ReaderConfig: field(readerConfig),
    Parameters: pathOnly(objectTemplate),
    Arguments: jsonataOnly(objectTemplate),
  });
};

const itemBatcher: Rule = (value, at) => {
  const found = checkFields(value, at, {
    MaxItemsPerBatch: field(positive),
    MaxItemsPerBatchPath: pathOnly(values.pathOrCall),
    MaxInputBytesPerBatch: field(values.number({ min: 1, max: 262_144, expression: true })),
    MaxInputBytesPerBatchPath: pathOnly(values.pathOrCall),
    BatchInput: field(template),
  });
  if (found === undefined) return;
  oneOfFields(found, at, { names: ["MaxItemsPerBatch", "MaxItemsPerBatchPath"] });
  oneOfFields(found, at, { names: ["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"] });
};

const writerConfig: Rule = (value, at) => {
  checkFields(value, at, {
    Transformation: field(values.oneOf("NONE", "COMPACT", "FLATTEN")),
    OutputType: field(values.oneOf("JSON", "JSONL")),
  });
};

const resultWriter: Rule = (value, at) => {
  checkFields(value, at, {
    Resource: field(values.name),
    Parameters: pathOnly(objectTemplate),
    Arguments: jsonataOnly(objectTemplate),
    WriterConfig: field(writerConfig),
  });
};

/** Fields of their own, but for the processor. */
export const mapFields: Fields = {
  Items: jsonataOnly(items),
  ItemsPath: pathOnly(values.path()),
  ItemSelector: field(template),
  ItemReader: field(itemReader),
  ItemBatcher: field(itemBatcher),
  ResultWriter: field(resultWriter),
  MaxConcurrency: field(count),
  MaxConcurrencyPath: pathOnly(values.pathOrCall),
  ToleratedFailurePercentage: field(percentage),
  ToleratedFailurePercentagePath: pathOnly(values.pathOrCall),
  ToleratedFailureCount: field(count),
  ToleratedFailureCountPath: pathOnly(values.pathOrCall),
  Label: field(checkLabel),
};

const pairs = ["MaxConcurrency", "ToleratedFailurePercentage", "ToleratedFailureCount"];

/** What the fields must be to each other. */
export function checkMap(state: JsonObject, at: Place): void {
  oneOfFields(state, at, { names: ["ItemProcessor", "Iterator"], needed: true });
  oneOfFields(state, at, { names: ["ItemSelector", "Parameters"] });
  for (const name of pairs) oneOfFields(state, at, { names: [name, `${name}Path`] });
  if (isDistributed(state["ItemProcessor"] ?? state["Iterator"])) return;
  for (const name of ["ItemReader", "ItemBatcher", "ResultWriter"])
    if (name in state) at.field(name).errorAt(at.path, `Field '${name}' is not supported`);
}

/** True for a processor whose iterations are executions of their own. */
export function isDistributed(processor: unknown): boolean {
  const config = isObject(processor) ? processor["ProcessorConfig"] : undefined;
  return isObject(config) && config["Mode"] === "DISTRIBUTED";
}

/** `ProcessorConfig`. */
export const processorConfig: Rule = (value, at) => {
  const found = checkFields(value, at, {
    Mode: field(values.oneOf("INLINE", "DISTRIBUTED")),
    ExecutionType: field(values.oneOf("STANDARD", "EXPRESS")),
  });
  if (found === undefined) return;
  const distributed = found["Mode"] === "DISTRIBUTED";
  if (distributed && at.around.express)
    at.field("Mode").error(
      "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines",
    );
  if (distributed && !("ExecutionType" in found)) at.error("These fields are required: [ExecutionType]");
  if (!distributed && "ExecutionType" in found) at.error("Field 'ExecutionType' is not supported");
};
