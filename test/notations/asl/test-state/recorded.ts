/**
 * Cases that were recorded on AWS, and how an answer is compared with them: `<resource:1>` in what is expected stands for any text (the same one each
 * time), `date` for a timestamp, `111111111111` for an account; texts of JSON are compared as values.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Step {
  readonly id: string;
  readonly op: string;
  readonly params: Record<string, unknown>;
  readonly key: string;
  readonly actual: { readonly $ref?: string; readonly $exceptionText?: string };
}

export interface RecordedCase {
  readonly name: string;
  readonly area: string;
  readonly steps: readonly Step[];
  readonly expected: Readonly<Record<string, unknown>>;
  readonly lambdas: Readonly<Record<string, { readonly behaviour: string; readonly value?: unknown }>>;
  readonly replaced: readonly { readonly replacement: string; readonly numbered: boolean }[];
  readonly lenientIgnore: readonly string[];
}

/** The cases of an area; none where the recordings are not. */
export function recordedCases(area: string): readonly RecordedCase[] {
  const file = fileURLToPath(new URL("../../../../../shared/asl/cases.json", import.meta.url));
  if (!existsSync(file)) return [];
  const { cases } = JSON.parse(readFileSync(file, "utf8")) as { readonly cases: readonly RecordedCase[] };
  return cases.filter((one) => one.area === area);
}

type Values = Readonly<Record<string, unknown>>;

export class Comparison {
  readonly differences: string[] = [];
  readonly #ignored: ReadonlySet<string>;
  readonly #any: ReadonlySet<string>;
  readonly #bound: Map<string, string> = new Map();

  constructor({ lenientIgnore, replaced }: RecordedCase) {
    this.#ignored = new Set(lenientIgnore);
    this.#any = new Set(replaced.flatMap(({ replacement, numbered }) => (numbered ? [] : [replacement])));
  }

  compare(expected: unknown, given: unknown, path: string): void {
    if (this.#ignored.has(path)) return;
    const [wanted, actual] = asValues(expected, given);
    if (typeof wanted === "string" && typeof actual === "string") {
      if (!this.#any.has(wanted) && !this.#matches(wanted, actual)) this.#differ(wanted, actual, path);
    } else if (isValues(wanted) && isValues(actual) && Array.isArray(wanted) === Array.isArray(actual)) {
      for (const key of new Set([...Object.keys(wanted), ...Object.keys(actual)]))
        this.compare(wanted[key], actual[key], `${path}/${key}`);
    } else if (wanted !== actual) this.#differ(wanted, actual, path);
  }

  #differ(wanted: unknown, actual: unknown, path: string): void {
    this.differences.push(`${path}: expected ${JSON.stringify(wanted)}, came ${JSON.stringify(actual)}`);
  }

  #matches(wanted: string, actual: string): boolean {
    const names: string[] = [];
    const source = wanted
      .split(/(<[A-Za-z][\w\-.: ]*>|\bdate\b|111111111111)/)
      .map((part, at) => (at % 2 === 0 ? RegExp.escape(part) : placeholder(part, names)));
    const found = new RegExp(`^${source.join("")}$`, "s").exec(actual);
    return found !== null && names.every((name, at) => this.#same(name, found[at + 1] ?? ""));
  }

  #same(name: string, value: string): boolean {
    const before = this.#bound.get(name);
    this.#bound.set(name, value);
    return before === undefined || before === value;
  }
}

function placeholder(text: string, names: string[]): string {
  if (text === "date") return String.raw`(?:date|\d{4}-\d\d-\d\dT[\d:.]+Z)`;
  if (text === "111111111111") return String.raw`\d{12}`;
  names.push(text);
  return "(.*?)";
}

/** A text stands for its value where a value is expected, or another text of the same list. */
function asValues(expected: unknown, given: unknown): readonly [unknown, unknown] {
  if (typeof given !== "string") return [expected, given];
  if (isValues(expected)) return [expected, parsed(given)];
  if (typeof expected === "string" && expected.startsWith("[") && given.startsWith("["))
    return [parsed(expected), parsed(given)];
  return [expected, given];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null;
}
