import { defaultPreferences, type DirectoryEvent } from '@learnamp/directory-sync-domain';
import { testEnvelopes } from '@learnamp/directory-sync-event-sourcing/testing';
import { expect, it } from 'vitest';
import { group, person } from '../../../domain/src/testing/made-ids.js';
import type { Connection } from '../connection/open-connection.js';
import { makeEngineState } from '../state/engine-state.js';
import { makePeopleSearch } from './search-people.js';

const PEOPLE = 900;

const joined = (n: number): DirectoryEvent => ({
  type: 'UserJoinedGroup',
  data: {
    ...{ userId: person(n), accountEnabled: true, managerId: null, path: [group(0)] },
    attributes: { displayName: `Person ${String(n).padStart(3, '0')}`, userPrincipalName: `p${n}@contoso.com` },
  },
});

const openSearch = () => {
  const state = makeEngineState();
  const events = testEnvelopes(Array.from({ length: PEOPLE }, (_, n) => joined(n)));
  state.apply(events, { revision: BigInt(PEOPLE - 1), hash: 'head' });
  const options = { accessLog: 'off', preferences: defaultPreferences, groupId: group(0) };
  const parts = { options, present: () => Promise.resolve(state), standing: () => Promise.resolve([]) };
  return makePeopleSearch(parts as unknown as Connection);
};

it('who has no patience for the first look at everybody is told how far it is, and then finds everybody', async () => {
  const search = openSearch();
  const early = await search({ patienceMs: 0 });
  expect(early).toMatchObject({ people: [], found: 0, next: null, reading: { total: PEOPLE } });
  expect(early.reading?.done).toBeLessThan(PEOPLE);
  const all = await search({ text: 'person', limit: 2 });
  expect(all).toMatchObject({ found: PEOPLE, people: [{ displayName: 'Person 000' }, { displayName: 'Person 001' }] });
  expect(all.reading).toBeUndefined();
  // The look is made once: nobody is put off again.
  expect((await search({ patienceMs: 0 })).found).toBe(PEOPLE);
});

it('a first look lets others have their turn', async () => {
  const search = openSearch();
  let turns = 0;
  const others = setInterval(() => (turns += 1), 0);
  await search({});
  clearInterval(others);
  expect(turns).toBeGreaterThan(0);
});
