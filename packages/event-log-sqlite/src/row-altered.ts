/** A row whose text is not what was written: damaged on the disk where SQLite does not see it, or altered by hand. */
export class RowAltered extends Error {
  constructor() {
    super('A row is not what was written.');
    this.name = 'RowAltered';
  }
}
