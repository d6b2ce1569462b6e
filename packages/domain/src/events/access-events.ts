import type { EventOf } from '@learnamp/directory-sync-event-sourcing';
import { defineEvent } from '@learnamp/directory-sync-event-sourcing';
import * as t from 'io-ts';
import { ObjectId } from '../ids.js';

/** What shows people's data: each is recorded before it shows anything. */
export const PersonalView = t.keyof({
  why: null,
  people: null,
  held: null,
  parked: null,
  export: null,
  state: null,
  replay: null,
  events: null,
});
export type PersonalView = t.TypeOf<typeof PersonalView>;

/** Somebody was shown personal data of these people. No ids: of everybody; `count`: how many people that were. */
export const PersonalDataViewed = defineEvent({
  type: 'PersonalDataViewed',
  data: t.strict({ view: PersonalView, userIds: t.readonlyArray(ObjectId), count: t.number, actor: t.string }),
  subjects: (data) => data.userIds,
  sealing: { kind: 'fields', fields: ['actor'] },
});

/** Every event of a connection's access stream, which is apart from the stream of its people (decision 0017). */
export const accessEvents = [PersonalDataViewed] as const;
export type AccessEvent = EventOf<(typeof accessEvents)[number]>;
