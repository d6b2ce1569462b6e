/** A mistake in the words of the command line: `path` is the word at fault. */
export class UsageMistake extends Error {
  readonly path: string;
  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}
