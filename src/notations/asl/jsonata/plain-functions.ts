/** The functions that a plain expression may call: what they cost grows with the size of their arguments and in no other way. */

/** How large a function's result may be, given the sizes of its arguments (see `estimate.ts` for the unit). */
export type Growth = (sizes: readonly number[]) => number;

export interface PlainFunction {
  /** How many arguments it is called with here. */
  readonly arguments: readonly [least: number, most: number];
  readonly growth: Growth;
  /** The work, if it is more than reading the arguments and writing the result. */
  readonly work?: Growth;
  /** True if the cost is that of the first argument times that of the second. */
  readonly product?: boolean;
}

const one: Growth = () => 1;
const all: Growth = (sizes) => sizes.reduce((sum, size) => sum + size, 1);
const times =
  (factor: number): Growth =>
  (sizes) =>
    all(sizes) * factor;
/** Text times pattern: what a search costs at worst. */
const search: Growth = ([text = 0, pattern = 0]) => text * (1 + pattern);

const scalar: PlainFunction = { arguments: [1, 1], growth: one };
const sameSize: PlainFunction = { arguments: [1, 1], growth: all };
const searching: PlainFunction = { arguments: [2, 2], growth: all, work: search, product: true };

export const plainFunctions: ReadonlyMap<string, PlainFunction> = new Map<string, PlainFunction>([
  ...["abs", "boolean", "ceil", "count", "exists", "floor", "length", "not", "number", "sqrt", "type"].map(
    (name) => [name, scalar] as const,
  ),
  ...["average", "max", "min", "sum"].map((name) => [name, scalar] as const),
  ...["keys", "lowercase", "reverse", "trim"].map((name) => [name, sameSize] as const),
  ["round", { arguments: [1, 2], growth: one }],
  ["power", { arguments: [2, 2], growth: one }],
  ["error", { arguments: [1, 1], growth: one }],
  ["hash", { arguments: [2, 2], growth: one, work: times(20) }],
  ["millis", { arguments: [0, 0], growth: one }],
  ["now", { arguments: [0, 0], growth: one }],
  ["random", { arguments: [0, 1], growth: one }],
  ["uuid", { arguments: [0, 0], growth: one }],
  ["toMillis", { arguments: [1, 1], growth: one }],
  ["fromMillis", { arguments: [1, 1], growth: one }],
  ["uppercase", { arguments: [1, 1], growth: times(3) }],
  ["append", { arguments: [2, 2], growth: all }],
  ["lookup", { arguments: [2, 2], growth: all }],
  ["merge", { arguments: [1, 1], growth: all }],
  ["partition", { arguments: [2, 2], growth: times(2) }],
  ["substring", { arguments: [2, 3], growth: all }],
  ["substringAfter", searching],
  ["substringBefore", searching],
  ["contains", { ...searching, growth: one }],
  ["base64decode", { arguments: [1, 1], growth: times(2) }],
  ["base64encode", { arguments: [1, 1], growth: times(3) }],
  ["encodeUrlComponent", { arguments: [1, 1], growth: times(9) }],
  // A quote inside an object or array gets a backslash, and a backslash another.
  ["string", { arguments: [1, 1], growth: times(2) }],
  // A text of n characters may hold n/2 values, and split into n parts.
  ["parse", { arguments: [1, 1], growth: times(50) }],
  ["split", { arguments: [2, 3], growth: times(100), work: search, product: true }],
  [
    "join",
    { arguments: [1, 2], growth: ([parts = 0, separator = 0]) => 1 + parts * (1 + separator), product: true },
  ],
]);
