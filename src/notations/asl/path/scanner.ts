/** A text and a place in it. */
import { PathSyntaxError } from "./syntax-error.ts";

export class Scanner {
  readonly text: string;
  at: number;

  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The character here, "" at the end. */
  get here(): string {
    return this.text.charAt(this.at);
  }

  skipBlanks(): void {
    while (!this.isAtEnd && blanks.has(this.here)) this.at++;
  }

  sees(word: string): boolean {
    return this.text.startsWith(word, this.at);
  }

  /** Goes over the word if it is here. */
  takes(word: string): boolean {
    if (!this.sees(word)) return false;
    this.at += word.length;
    return true;
  }

  /** @throws PathSyntaxError if the word is not here. */
  expect(word: string): void {
    if (!this.takes(word)) this.fail(`'${word}' is missing`);
  }

  /** The characters from here on that are not in `stop`. */
  until(stop: ReadonlySet<string>): string {
    const start = this.at;
    while (!this.isAtEnd && !stop.has(this.here)) this.at++;
    return this.text.slice(start, this.at);
  }

  /** What a sticky expression matches here, and goes over it. */
  match(expression: RegExp): string | undefined {
    expression.lastIndex = this.at;
    const found = expression.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** The inside of a quoted text, its quotation mark being here. A backslash makes any character an ordinary one. */
  quoted(): string {
    const mark = this.here;
    const start = this.at++;
    let text = "";
    while (this.here !== mark) {
      if (this.here === "\\") this.at++;
      if (this.isAtEnd) this.fail("The quoted text has no end", start);
      text += this.here;
      this.at++;
    }
    this.at++;
    return text;
  }

  fail(problem: string, at: number = this.at): never {
    throw new PathSyntaxError(problem, at);
  }
}

const blanks: ReadonlySet<string> = new Set(" \t\n\r");
