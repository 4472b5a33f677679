import { describe, expect, it } from "vitest";
import {
  fold,
  isCommon,
  keyTerms,
  pairs,
  searchTerms,
  spacedForIndex,
  stem,
  terms,
} from "../../../examples/research/text.ts";

describe("terms", () => {
  it("are lower-case words without diacritics and punctuation", () => {
    expect(terms("Café-Crash: 'synchronous_commit' = ON!")).toEqual([
      "cafe",
      "crash",
      "synchronous",
      "commit",
      "on",
    ]);
  });

  it("take full-width letters and half-width kana for the usual ones", () => {
    expect(fold("ＡＢＣ ｸﾗｯｼｭ")).toBe("abc クラッシュ");
  });

  it("keep voiced kana whole", () => {
    expect(fold("ガ")).toBe("ガ");
  });

  it("are runs of Han or Katakana in Japanese; Hiragana ends a term", () => {
    expect(terms("クラッシュから復旧するAPI")).toEqual(["クラッシュ", "復旧", "api"]);
  });

  it("work for other scripts too", () => {
    expect(terms("Сбой процесса 장애 복구")).toEqual(["сбои", "процесса", "장애", "복구"]);
  });

  it("with meaning leave out common words, bare numbers and single characters", () => {
    expect(keyTerms("What survives a crash in 2024? The crash x 人")).toEqual(["survives", "crash"]);
    expect(isCommon("復旧")).toBe(false);
  });
});

describe("searchTerms", () => {
  it("fall back to common words and then to kana, so that no word is lost", () => {
    expect(searchTerms("what is it")).toEqual(["what", "is", "it"]);
    expect(searchTerms("ありがとう")).toEqual(["ありがとう"]);
    expect(searchTerms("?! ***")).toEqual([]);
  });
});

describe("stem", () => {
  it.each([
    [["crash", "crashes", "crashed", "crashing"]],
    [["survive", "survives", "survived", "surviving"]],
    [["process", "processes", "processing"]],
    [["query", "queries"]],
    [["file", "files"]],
    [["stop", "stops", "stopped", "stopping"]],
  ])("is one for %j", (words) => {
    expect(new Set(words.map((word) => stem(word))).size).toBe(1);
  });

  it("leaves different words apart", () => {
    const words = ["status", "state", "string", "store", "speed", "need", "timer", "復旧"];
    expect(new Set(words.map((word) => stem(word))).size).toBe(words.length);
  });
});

describe("pairs", () => {
  it("are the overlapping pairs of characters", () => {
    expect(pairs("復旧する")).toEqual(["復旧", "旧す", "する"]);
    expect(pairs("火")).toEqual(["火"]);
  });

  it("replace runs of Japanese in a text for the index and leave the rest", () => {
    expect(spacedForIndex("API復旧 ok").split(/\s+/u)).toEqual(["api", "復旧", "ok"]);
  });
});
