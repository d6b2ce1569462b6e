import type { DecodeFailure } from '@learnamp/directory-sync-event-sourcing';

/** What is wrong with a record, in words that name no value of it. */
export const failureWords = (failure: DecodeFailure): string => {
  switch (failure._tag) {
    case 'BrokenChain':
      return 'does not follow from the record before it: it was changed, or one was removed, added or moved.';
    case 'BrokenSeal':
      return 'its seal does not open: it was changed, or sealed by another key.';
    case 'KeyMissing':
      return 'the key store does not have its key.';
    case 'UnknownEventType':
      return 'an event of a type that this version does not know.';
    case 'FutureSchemaVersion':
      return `an event of a newer version than this program knows (${failure.known}).`;
    case 'InvalidData':
      return `its data is not that of such an event (${failure.errors.slice(0, 3).join('; ')}).`;
  }
};
