/** Colors and other emphasis, where the reader wants them. */
import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

export class Paint {
  readonly #colors: boolean;

  constructor(colors: boolean) {
    this.#colors = colors;
  }

  #as(style: Style, text: string): string {
    return this.#colors ? styleText(style, text, { validateStream: false }) : text;
  }

  bold(text: string): string {
    return this.#as("bold", text);
  }

  dim(text: string): string {
    return this.#as("dim", text);
  }

  good(text: string): string {
    return this.#as("green", text);
  }

  bad(text: string): string {
    return this.#as("red", text);
  }

  warn(text: string): string {
    return this.#as("yellow", text);
  }

  active(text: string): string {
    return this.#as("cyan", text);
  }
}
