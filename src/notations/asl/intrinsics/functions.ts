/**
 * The 18 intrinsic functions by name. Source: AWS Step Functions developer guide, "Intrinsic functions for JSONPath states".
 * Where AWS does otherwise than its guide says (fractions, empty parts, the order of unique items) it is done as AWS does it.
 */
import { arrayFunctions } from "./arrays.ts";
import type { Intrinsic } from "./problem.ts";
import { numberFunctions } from "./numbers.ts";
import { objectFunctions } from "./objects.ts";
import { textFunctions } from "./texts.ts";

export const functions: ReadonlyMap<string, Intrinsic> = new Map(
  Object.entries({ ...arrayFunctions, ...numberFunctions, ...objectFunctions, ...textFunctions }),
);
