/** "Did you mean …?": the word nearest to one that nobody knows. */

/** How many letters must be changed, added, left out or swapped with their neighbor to get from one word to the other. */
function distance(from: string, to: string): number {
  const table: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; row++) {
    const line = [row];
    for (let column = 1; column <= to.length; column++) {
      line.push(cheapest(table, line, { from, to, row, column }));
    }
    table.push(line);
  }
  return table[from.length]?.[to.length] ?? Number.POSITIVE_INFINITY;
}

interface Cell {
  readonly from: string;
  readonly to: string;
  readonly row: number;
  readonly column: number;
}

function cheapest(table: readonly number[][], line: readonly number[], cell: Cell): number {
  const { from, to, row, column } = cell;
  const above = table[row - 1] ?? [];
  const far = Number.POSITIVE_INFINITY;
  const same = from[row - 1] === to[column - 1] ? 0 : 1;
  const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
  return Math.min(
    (above[column] ?? far) + 1,
    (line[column - 1] ?? far) + 1,
    (above[column - 1] ?? far) + same,
    swapped ? (table[row - 2]?.[column - 2] ?? far) + 1 : far,
  );
}

const longest = 40;

/** The nearest of `known`, if it is near enough to be meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word === "" || word.length > longest) return undefined;
  const lower = word.toLowerCase();
  const ranked = known
    .map((name) => ({ name, far: name.startsWith(lower) ? 0.5 : distance(lower, name.toLowerCase()) }))
    .toSorted((a, b) => a.far - b.far);
  const [best] = ranked;
  return best !== undefined && best.far <= Math.max(1, Math.floor(word.length / 3)) ? best.name : undefined;
}
