import type { LearnAmpFailure } from '@learnamp/directory-sync-domain';

/** One thing the engine relies on, looked at in a real account. */
export type LearnAmpCheck = {
  readonly check:
    | 'credentials'
    | 'scopes'
    | 'accounts'
    | 'one-account'
    | 'external-id'
    | 'email'
    | 'statuses'
    | 'owners'
    | 'teams'
    | 'custom-fields';
  /** `note`: it works, and somebody should know. `skipped`: it could not be looked at, because of what failed before. */
  readonly result: 'ok' | 'note' | 'failed' | 'skipped';
  /** One sentence; where it is not ok, it says what to do. Counts and names of settings, nobody's data. */
  readonly says: string;
};

type Name = LearnAmpCheck['check'];

export const ok = (check: Name, says: string): LearnAmpCheck => ({ check, result: 'ok', says });
export const note = (check: Name, says: string): LearnAmpCheck => ({ check, result: 'note', says });
export const failed = (check: Name, says: string): LearnAmpCheck => ({ check, result: 'failed', says });
export const skipped = (check: Name): LearnAmpCheck => ({
  check,
  result: 'skipped',
  says: 'Not looked at, because of what failed before.',
});

/** A call that brought no usable answer, as a sentence. */
export const noAnswer = (check: Name, failure: LearnAmpFailure): LearnAmpCheck => {
  switch (failure._tag) {
    case 'LearnAmpUnreachable':
      return failed(check, `${failure.detail} Check learnAmp.baseUrl, the network and any proxy, and try again.`);
    case 'LearnAmpThrottled':
      return failed(check, `Learn Amp asks to wait until ${failure.retryAt}: try again after that.`);
    case 'LearnAmpCredentials':
    case 'LearnAmpMissingScope':
    case 'LearnAmpProtocol':
      return failed(check, failure.detail);
    case 'LearnAmpAborted':
      return skipped(check);
  }
};
