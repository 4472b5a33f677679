/** JSON Lines: one value per line; empty lines are passed over. */
import { valueOf, type Json } from "../../../notations/asl/json.ts";
import { cutInto, Cutter } from "./cutter.ts";
import { readerFailure } from "./failure.ts";
import type { Page } from "./page.ts";
import type { Source } from "./source.ts";

const NEWLINE = 10;

class NewlineCutter extends Cutter {
  protected override scan(bytes: Buffer, from: number): number {
    return bytes.indexOf(NEWLINE, from) + 1 || -1;
  }
}

/** Returns where to go on. */
export function readJsonLines(page: Page, source: Source): Promise<number | undefined> {
  const cutter = new NewlineCutter(source.start.at);
  return cutInto(page, { source, cutter }, (record) => {
    const text = record.toString("utf8").trim();
    if (text !== "") page.add(parsedItem(text), record.length);
  });
}

/** @throws StatesError States.ItemReaderFailed */
export function parsedItem(text: string): Json {
  try {
    return valueOf(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw readerFailure(`The data is not valid JSON: ${reason}`);
  }
}
