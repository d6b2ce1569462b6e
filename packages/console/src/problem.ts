import type { Problem } from './contract.js';

/** What a request is refused with: a status of HTTP, a code for programs, a sentence for people. */
export class Refused extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 500;
  readonly code: Problem['code'];
  constructor(status: Refused['status'], code: Problem['code'], message: string) {
    super(message);
    this.name = 'Refused';
    this.status = status;
    this.code = code;
  }
}

export const problemOf = ({
  code,
  message,
}: {
  readonly code: Problem['code'];
  readonly message: string;
}): Problem => ({
  code,
  message,
});
