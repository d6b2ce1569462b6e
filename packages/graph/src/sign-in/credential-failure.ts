import type { GraphFailure } from '../directory-source.js';

/** A credential that is no good before anybody was asked. The text of what went wrong may hold a part of it: never repeated. */
export class UnusableCredential extends Error {
  override readonly name = 'UnusableCredential';
  readonly failure: GraphFailure;

  constructor(detail: string, advice: string) {
    super(detail);
    this.failure = { _tag: 'GraphCredentials', code: 'credential', detail, advice, auth: 'credential' };
  }
}
