/**
 * What bounds a JSONata expression before and while it is evaluated.
 *
 * AWS refuses an evaluation that nests more than 100 deep, takes too long, or needs too much memory, with the three messages below
 * (as measured with the TestState API). Its limits of time and memory are not published. The parser's own cost grows with the square of
 * a path's length, so that the number of dots and percent signs is bounded too: the worst text that is let through takes it about 40 ms.
 */

/** Characters of one expression. */
export const maxExpressionLength = 32_768;
/** Dots in one expression, those in strings and numbers included. */
export const maxDots = 1_000;
/** Percent signs in one expression, those in strings included. */
export const maxPercents = 200;
/** Levels of nesting, as AWS counts them. */
export const maxDepth = 100;
/** Elements of a range: AWS evaluates `[1..873782]` and refuses one more. */
export const maxSequence = 873_782;
/** Elements that `$range()` may make. */
export const maxRange = 360_145;

export const tooDeep =
  "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive";
export const tooSlow = "Expression evaluation timeout: Check for infinite loop";
export const tooLarge = "Expression evaluation memory limit exceeded: Check for excessive memory usage";
