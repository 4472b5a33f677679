/** Something that a demo promised turned out not to be so. */
export class DemoError extends Error {
  override readonly name = "DemoError";
}
