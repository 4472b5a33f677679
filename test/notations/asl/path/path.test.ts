import { describe, expect, it } from "vitest";
import type { Json } from "../../../../src/notations/asl/json.ts";
import { compilePath, readPath } from "../../../../src/notations/asl/path/path.ts";
import { PathSyntaxError } from "../../../../src/notations/asl/path/syntax-error.ts";

const store: Json = {
  book: [
    { title: "A", price: 8, tags: ["x", "y"], isbn: "1" },
    { title: "B", price: 12, tags: [] },
    { title: "C", price: 9, "odd key": { "it's": 1 }, isbn: null },
  ],
  bicycle: { price: 20, title: "D" },
  "a.b": { c: true },
  nothing: null,
  limit: 10,
  wanted: ["A", "C"],
};

function read(text: string, input: Json = store): Json | undefined {
  const variables = { found: { list: [{ n: 1 }, { n: 2 }] }, größe: 3 };
  return readPath(compilePath(text), { input, context: { Execution: { Id: "e" } }, variables });
}

describe("where a path begins", () => {
  it("is the input, the context object or a variable", () => {
    expect(read("$")).toBe(store);
    expect(read("$$.Execution.Id")).toBe("e");
    expect(read("$found.list[1].n")).toBe(2);
    expect(read("$größe")).toBe(3);
    expect(read("$missing")).toBeUndefined();
  });
});

describe("definite paths", () => {
  it.each([
    ["$.limit", 10],
    ["$['limit']", 10],
    ['$["a.b"].c', true],
    ["$.['a.b'].c", true],
    ["$[ 'a.b' ]['c']", true],
    ["$.book[2]['odd key']['it\\'s']", 1],
    ["$.book[0].title", "A"],
    ["$.book.[0].title", "A"],
    ["$.book[-1].title", "C"],
    ["$.book[(@.length-1)].title", "C"],
    ["$.nothing", null],
    ["$.book.length()", 3],
    ["$.bicycle.keys()", ["price", "title"]],
    ["$.book.first().title", "A"],
    ["$.book.last().title", "C"],
    ["$.book.index(1).title", "B"],
    ["$.bicycle['title', 'price']", { title: "D", price: 20 }],
    ["$.bicycle['title','none']", { title: "D" }],
  ])("%s", (text, expected) => expect(read(text)).toEqual(expected));

  it.each([
    "$.none",
    "$.limit.x",
    "$.limit[0]",
    "$.book[3]",
    "$.book[-4]",
    "$.book.title",
    "$.book.sum()",
    "$.nothing.x",
  ])("%s finds nothing", (text) => expect(read(text)).toBeUndefined());
});

describe("paths that may select several values", () => {
  it.each([
    ["$.book[*].title", ["A", "B", "C"]],
    ["$.bicycle.*", [20, "D"]],
    ["$.*.price", [20]],
    ["$..price", [8, 12, 9, 20]],
    ["$..book[0].title", ["A"]],
    ["$..[0].title", ["A"]],
    ["$.book[0,2].title", ["A", "C"]],
    ["$.book[1:].title", ["B", "C"]],
    ["$.book[:2].title", ["A", "B"]],
    ["$.book[-2:].title", ["B", "C"]],
    ["$.book[:-1].title", ["A", "B"]],
    ["$.book[0:2].title", ["A", "B"]],
    ["$.book[0:9].title", ["A", "B", "C"]],
    ["$.book[-3:-1].title", ["A", "B"]],
    ["$.book[1:-1].title", []],
    [
      "$.book[*]['title','price']",
      [
        { title: "A", price: 8 },
        { title: "B", price: 12 },
        { title: "C", price: 9 },
      ],
    ],
    ["$.book[*].tags.length()", [2, 0]],
    ["$.none[*]", []],
    ["$.limit[*]", []],
    ["$.none[1:].x", []],
  ])("%s", (text, expected) => expect(read(text)).toEqual(expected));
});

describe("filters", () => {
  it.each([
    ["@.price < 10", "AC"],
    ["@.price<=8", "A"],
    ["@.price > 10", "B"],
    ["@.price >= 9", "BC"],
    ["@.price == 12", "B"],
    ["@.price == '12'", "B"],
    ["@.price === '12'", ""],
    ["@.price != 12", "AC"],
    ["@.price !== 12", "AC"],
    ["@.isbn", "AC"],
    ["!@.isbn", "B"],
    ["@.isbn == null", "C"],
    ["@.none == null", ""],
    ["@.none != 1", "ABC"],
    ["@.price > $.limit", "B"],
    ["@.title in $.wanted", "AC"],
    ["@.title nin ['A']", "BC"],
    ["@.title in ['A', \"B\"]", "AB"],
    ["@.title == B", "B"],
    ["@.title == 'A' || @.title == 'B'", "AB"],
    ["@.price < 10 && @.title == 'C'", "C"],
    ["@.title == 'A' || @.price > 5 && @.title == 'B'", "AB"],
    ["(@.title == 'A' || @.price > 5) && @.title == 'B'", "B"],
    ["!(@.price < 10)", "B"],
    ["@.tags contains 'x'", "A"],
    ["@.tags size 2", "A"],
    ["@.tags empty true", "B"],
    ["@.tags anyof ['x', 'q']", "A"],
    ["@.tags noneof ['x']", "BC"],
    ["@.tags subsetof ['x', 'y', 'z']", "AB"],
    ["@.tags all ['x', 'y']", "A"],
    ["@.tags[?(@ == 'y')]", "A"],
    ["@['odd key']", "C"],
    ["@.title < 'B'", "A"],
    ["@.title < 5", ""],
    ["'A' == @.title", "A"],
    ["@.price == 1.2e1", "B"],
    ["@.tags == ['x','y']", "A"],
  ])("%s", (test, titles) => expect(read(`$.book[?(${test})].title`)).toEqual([...titles]));

  it("looks at an object itself", () => {
    expect(read("$.bicycle[?(@.price == 20)].title")).toEqual(["D"]);
    expect(read("$..[?(@.price > 9)].title")).toEqual(["B", "D"]);
  });
});

describe("what is no path", () => {
  it.each([
    "",
    "a",
    ".a",
    " $.a",
    "$.",
    "$..",
    "$...",
    "$a$",
    "$$$",
    "$$a",
    "$1",
    "$.a b",
    "$.a.",
    "$.a[",
    "$.a[]",
    "$.a['b]",
    "$.a[b]",
    "$.a[0",
    "$.a[1,]",
    "$.a[:]",
    "$.a['b',]",
    "$['a','b'].c",
    "$.a]",
    "$.a)",
    "$.a'b'",
    "$.a.nofunction()",
    "$.a.length(",
    "$.a[?]",
    "$.a[?()]",
    "$.a[?(@.b ==)]",
    "$.a[?(@.b == 'c)]",
    "$.a[?(1)]",
    "$.a[?(@.b]",
    "$.a[?(@.b =~ /x/)]",
    "$.a[?(/x/ == @.b)]",
    "$.a[?(@.b in [)]",
    "$.a[?(@.b in [x])]",
    "$.a[(@.length)]",
    "$.a[(1)]",
  ])("%j", (text) => expect(() => compilePath(text)).toThrow(PathSyntaxError));

  it("says what and where", () => {
    expect(() => compilePath("$.a[?(@.b =~ /x/)]")).toThrow(
      "Regular expressions are not supported (at character 11)",
    );
  });
});

describe("limits", () => {
  it("bounds texts, steps and depth", () => {
    expect(() => compilePath(`$.${"a".repeat(20_000)}`)).toThrow("at most 16384 characters");
    expect(() => compilePath(`$${".a".repeat(2000)}`)).toThrow("at most 1000 steps");
    expect(() => compilePath(`$[?(${"(".repeat(5000)}@.a${")".repeat(5000)})]`)).toThrow("30 deep");
    expect(() => compilePath(`$[?(${"!".repeat(5000)}@.a)]`)).toThrow("30 deep");
    expect(() => compilePath(`$${"[?(@".repeat(2000)}`)).toThrow("30 deep");
  });

  it("bounds what one path looks at", () => {
    let deep: Json = 1;
    for (let at = 0; at < 3000; at++) deep = [deep];
    expect(() => read(`$${"..*".repeat(6)}`, deep)).toThrow("1000000 values");
    const list = Array.from({ length: 20_000 }, (_, at) => at);
    expect(() => read("$.list[?(@ in $.other)]", { list, other: list.map((one) => -one - 1) })).toThrow(
      "1000000 values",
    );
  });

  it("goes through deep documents without recursion", () => {
    let deep: Json = { x: 1 };
    for (let at = 0; at < 100_000; at++) deep = [deep];
    expect(read("$..x", deep)).toEqual([1]);
  });

  it("remembers only so many texts", () => {
    const [first] = Array.from({ length: 5000 }, (_, at) => compilePath(`$.number${at}`));
    expect(compilePath("$.number0")).toEqual(first);
    expect(compilePath("$.number0")).toBe(compilePath("$.number0"));
  });
});

describe("kinds of paths", () => {
  it.each([
    ["$", true, true],
    ["$.a['b'][0]", true, true],
    ["$$.a", true, true],
    ["$v.a", true, true],
    ["$.a.length()", false, true],
    ["$['a','b']", false, true],
    ["$.a[*]", false, false],
    ["$.a[1:]", false, false],
    ["$..a", false, false],
    ["$.a[?(@.b)]", false, false],
    ["$.a[0,1]", false, false],
  ])("%s", (text, isReference, isDefinite) =>
    expect(compilePath(text)).toMatchObject({ isReference, isDefinite }),
  );
});

describe("keys that JavaScript takes for more", () => {
  it("are keys", () => {
    const input = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}') as Json;
    expect(read("$.__proto__.a", input)).toBe(1);
    expect(read("$.constructor", input)).toBe(2);
    expect(read("$.toString", input)).toBeUndefined();
    expect(read("$.__proto__", {})).toBeUndefined();
    expect(Object.keys(read("$['__proto__','constructor']", input) as object)).toEqual([
      "__proto__",
      "constructor",
    ]);
    expect(read("$toString")).toBeUndefined();
  });
});
