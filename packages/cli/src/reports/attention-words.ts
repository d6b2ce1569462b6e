import type { AttentionKind } from '@learnamp/directory-sync';

/** What each kind of attention is, and what to do about it. */
export const attentionWords: Readonly<Record<AttentionKind, { readonly what: string; readonly next: string }>> = {
  parked: {
    what: 'parked',
    next: 'Parked: put the named fact right in Entra or Learn Amp; a change of the person is tried at the next sync.',
  },
  rejected: {
    what: 'rejected',
    next: 'Rejected: Learn Amp refused the change for the reason given; correct it in Entra or Learn Amp and sync again.',
  },
  unanswered: {
    what: 'no answer',
    next: 'No answer: Learn Amp answered others and gave no answer about this person; the next sync looks and tries again.',
  },
  held: {
    what: 'waits for approval',
    next: 'Waits for approval: "directory-sync held" shows who and why; if the group was emptied by mistake, put the members back and sync again; nobody was deactivated.',
  },
  'identity-conflict': {
    what: 'identity conflict',
    next: 'Identity conflict: two people claim one account; give each an address of their own, then sync again.',
  },
  'leave-unconfirmed': {
    what: 'leave not confirmed',
    next: 'Leave not confirmed: nothing was planned; it is asked again at the next sync.',
  },
  'no-email': {
    what: 'no e-mail address',
    next: 'No e-mail address: give the person a mail address in Entra, then sync again.',
  },
  protected: {
    what: 'protected',
    next: 'Protected: on neverDeactivate, so the account stays active; nothing to do.',
  },
};
