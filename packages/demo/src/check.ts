import type { Narrator } from './narrator.js';

/** The demo looked, and it was not so. */
export class CheckFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CheckFailed';
  }
}

export type Check = (fact: string, holds: boolean, instead?: string) => void;

/** Says the fact where it holds, and ends the demo where it does not. */
export const makeCheck =
  (narrator: Narrator): Check =>
  (fact, holds, instead) => {
    if (!holds)
      throw new CheckFailed(`This should hold and does not: ${fact}${instead === undefined ? '' : ` (${instead})`}`);
    narrator.seen(fact);
  };
