import type { ObjectId, Preferences } from '@learnamp/directory-sync-domain';
import { defaultPreferences, encodePreferences, initialPerson, planPerson } from '@learnamp/directory-sync-domain';
import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { EventEnvelope, KeyStore } from '@learnamp/directory-sync-event-sourcing';
import { makeMemoryKeyStore } from '@learnamp/directory-sync-event-sourcing';
import { expect, test } from 'vitest';
import { recordablePreferences } from '../connection-identity.js';
import { makeEngineState, type EngineState } from '../state/engine-state.js';
import { makeRecordedPreferences } from './recorded-preferences.js';

const connectionId = 'contoso';
const boss = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' as ObjectId;

const recorded = (preferences: Readonly<Record<string, unknown>>, state = makeEngineState()): EngineState => {
  const revision = (state.head()?.revision ?? -1n) + 1n;
  const event = { type: 'PreferencesChanged', data: { preferences, actor: 'a' }, revision, metadata: {} };
  state.apply([event as unknown as EventEnvelope<DirectoryEvent>], { revision, hash: `${revision}` });
  return state;
};

const recordedOf = (keys: KeyStore, present: Preferences = defaultPreferences) =>
  makeRecordedPreferences({ keys, connectionId, present });

test('the preferences that were recorded last, whatever is configured now', async () => {
  const state = recorded(encodePreferences({ ...defaultPreferences, blanks: 'keep', graceRounds: 3 }));
  const preferences = await recordedOf(makeMemoryKeyStore());
  expect(preferences.at(state).preferences).toEqual({ ...defaultPreferences, blanks: 'keep', graceRounds: 3 });
  recorded(encodePreferences(defaultPreferences), state);
  expect(preferences.at(state)).toEqual({ preferences: defaultPreferences });
});

test('a leaver who was named by address is protected by its hash, under a key that was retired since as well', async () => {
  const keys = makeMemoryKeyStore();
  const named = { ...defaultPreferences, neverDeactivate: ['boss@contoso.com'] };
  const state = recorded(await recordablePreferences({ connectionId, preferences: named }, keys));
  await keys.rotate()();
  await keys.current([`connection:${connectionId}`])();
  const context = (await recordedOf(keys)).contextAt(state);
  const leaving = (userPrincipalName: string) =>
    planPerson(
      {
        ...context,
        person: () => ({
          ...initialPerson(boss),
          everInScope: true,
          attributes: { userPrincipalName },
          leave: { reason: 'removed', confirmations: 1, contradictions: 0, because: undefined },
        }),
        delivered: () => ({ ...context.delivered(boss), link: '7' as never, status: 'confirmed' }),
      },
      boss,
    );
  expect(leaving('Boss@Contoso.com').notes).toEqual([{ userId: boss, kind: 'protected', reason: 'never-deactivate' }]);
  expect(leaving('other@contoso.com').leaver?.kind).toBe('DeactivateUser');
});

test('what this version cannot read is named, and the present preferences stand in', async () => {
  const present = { ...defaultPreferences, blanks: 'keep' as const };
  const preferences = await recordedOf(makeMemoryKeyStore(), present);
  expect(preferences.at(recorded({ blanks: 'sometimes' }))).toEqual({
    preferences: present,
    instead: 'The preferences recorded at revision 0 cannot be read by this version (preferences.blanks).',
  });
  expect(preferences.at(makeEngineState()).instead).toBe('No preferences are recorded.');
});

test('no key is made', async () => {
  const keys = makeMemoryKeyStore();
  await recordedOf(keys);
  const found = await keys.ofOwners([`connection:${connectionId}`])();
  expect(found).toMatchObject({ _tag: 'Right', right: new Map([[`connection:${connectionId}`, []]]) });
});
