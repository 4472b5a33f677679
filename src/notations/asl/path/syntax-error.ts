/** A text that is no JSONPath, or no intrinsic call. The definition checker refuses such texts; at run time they are States.Runtime. */
export class PathSyntaxError extends Error {
  override readonly name: string = "PathSyntaxError";
  readonly problem: string;
  /** Where in the text, from 0. */
  readonly position: number;

  constructor(problem: string, position: number) {
    super(`${problem} (at character ${position + 1})`);
    this.problem = problem;
    this.position = position;
  }
}
