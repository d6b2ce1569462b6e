import { testEnvelopes } from '@learnamp/directory-sync-event-sourcing/testing';
import { initialPerson, type DirectoryPerson } from '../directory/directory-person.js';
import { evolvePerson } from '../directory/evolve-person.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { ObjectId } from '../ids.js';

const next = (revision: string): bigint => (revision === '' ? 0n : BigInt(revision) + 1n);

/** One person after events that were appended one behind the other. */
export const foldPerson = (start: DirectoryPerson, events: ReadonlyArray<DirectoryEvent>): DirectoryPerson =>
  testEnvelopes(events, { from: next(start.factRevision) }).reduce(
    (state, event) => evolvePerson(state, event, state.userId),
    start,
  );

/** A person after a history of their own. */
export const personAfter = (userId: ObjectId, ...history: ReadonlyArray<DirectoryEvent>): DirectoryPerson =>
  foldPerson(initialPerson(userId), history);

/** The same whatever the revisions were: how many events led here, and where they stand, is no part of what is known. */
export const ignoringRevisions = (state: DirectoryPerson): DirectoryPerson => ({ ...state, factRevision: '' });
