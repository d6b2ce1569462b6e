import { directoryEvents } from '@learnamp/directory-sync-domain';

/** Every type of event that this version records, in the order of the reference: what `events({ types })` may ask for. */
export const eventTypes: ReadonlyArray<string> = directoryEvents.map(({ type }) => type);
