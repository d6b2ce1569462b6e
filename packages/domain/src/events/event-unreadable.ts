import type { DirectoryEvent, DirectoryEventType } from './directory-events.js';
import type { ObjectId } from '../ids.js';
import { deliveredEventTypes } from '../delivery/evolve-delivered.js';
import { personEventTypes } from '../directory/evolve-person.js';

/**
 * Stands in a fold in the place of an event of one person whose data does not decode. It is made by the reader and never
 * stored: a log that holds an event of this type holds an unknown one.
 */
export type EventUnreadable = {
  readonly type: 'EventUnreadable';
  readonly data: { readonly userId: ObjectId; readonly of: DirectoryEventType };
};

const personTypes: ReadonlySet<string> = new Set(personEventTypes);
const deliveredTypes: ReadonlySet<string> = new Set(deliveredEventTypes);

/**
 * The person whom an event of this type and with these subjects is about, where it is about one alone: what it says is then
 * nobody else's business, and who does not know it need not stop for the others.
 */
export const soleSubject = (type: string, subjects: ReadonlyArray<string>): ObjectId | undefined =>
  (personTypes.has(type) || deliveredTypes.has(type)) && subjects.length === 1 ? (subjects[0] as ObjectId) : undefined;

/** The placeholder among the events of a fold. */
export const asUnreadable = (event: { readonly type: string }): EventUnreadable | undefined =>
  event.type === 'EventUnreadable' ? (event as EventUnreadable) : undefined;

/** Whether an event of this type says nothing but what a profile that is read anew says. */
export const isOfDirectory = (type: DirectoryEventType): boolean => personTypes.has(type);

/** Whether an event makes good what could not be read before it: the whole profile anew, or nothing any more. */
export const makesGood = (event: DirectoryEvent, of: DirectoryEventType): ObjectId | undefined => {
  if (event.type === 'PersonErased') return event.data.userId;
  return event.type === 'UserJoinedGroup' && isOfDirectory(of) ? event.data.userId : undefined;
};
