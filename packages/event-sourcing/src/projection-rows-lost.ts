/**
 * The rows that `checkpoint` spoke of are gone: damaged, cleared, or of another version by now. Thrown instead of an
 * answer, since a row that was lost must not look like one that never was: whoever plans on that makes a second account.
 */
export class ProjectionRowsLost extends Error {
  constructor(fold: string, options?: ErrorOptions) {
    super(`The rows of ${fold} were lost while they were in use. They are folded anew from the log.`, options);
    this.name = 'ProjectionRowsLost';
  }
}
