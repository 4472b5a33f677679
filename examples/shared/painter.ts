/** A drawing on a terminal that is painted over itself, with lines of text that stay above it. */

/** Where to show it: `process.stdout` or something like it. */
export interface Output {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
  write(text: string): unknown;
}

export interface Painter {
  /** Draws what `lines` returns, over the drawing that is there. */
  readonly paint: () => void;
  /** Writes a line of text that stays, with the drawing below it. */
  readonly say: (line: string) => void;
  /** Leaves the drawing as it is; what comes next goes below it. */
  readonly finish: () => void;
}

export function createPainter(output: Output, lines: () => string[]): Painter {
  let painted = 0;
  const erase = (): void => {
    if (painted > 0) output.write(`\u001b[${painted}A\u001b[0J`);
    painted = 0;
  };
  const paint = (): void => {
    const drawn = lines();
    erase();
    output.write(`${drawn.join("\n")}\n`);
    painted = drawn.length;
  };
  const say = (line: string): void => {
    const drawn = painted > 0;
    erase();
    output.write(`${line}\n`);
    if (drawn) paint();
  };
  const finish = (): void => {
    painted = 0;
  };
  return { paint, say, finish };
}

/** Cuts a line to a number of columns. Han, kana and Hangul characters and full-width forms take two. */
export function fit(text: string, columns: number): string {
  let width = 0;
  let result = "";
  for (const character of text.replaceAll(/\p{Cc}/gu, "")) {
    width +=
      /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1;
    if (width > columns) return result;
    result += character;
  }
  return result;
}
