import type { PlanContext, Preferences } from '@learnamp/directory-sync-domain';
import { decodeStoredPreferences } from '@learnamp/directory-sync-domain';
import type { DataKey, KeyStore } from '@learnamp/directory-sync-event-sourcing';
import { hmacUnder } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { planContextOf } from '../deliver/plan-now.js';
import { logError } from '../failure.js';
import type { EngineState } from '../state/engine-state.js';

/** An e-mail on `neverDeactivate`, as it may stand in the log. */
export const hashedAddress = (key: DataKey, address: string): string =>
  `hmac:${hmacUnder(key, 'never-deactivate', address)}`;

export type Recorded = {
  readonly preferences: Preferences;
  /** Why these are the present preferences instead of recorded ones. */
  readonly instead?: string | undefined;
  /** What an address is recorded as, under each key the connection had. Absent: no entry is a hash. */
  readonly hashed?: PlanContext['hashed'];
};

export type RecordedPreferences = {
  /** The preferences recorded by the state's head. Addresses on `neverDeactivate` stay hashes: `contextAt` knows whose they are. */
  readonly at: (state: EngineState) => Recorded;
  /** What `plan` may look at in a state, with the preferences recorded by then. */
  readonly contextAt: (state: EngineState) => PlanContext;
};

const isHashed = (entry: string): boolean => entry.startsWith('hmac:');

const connectionKeys = async (keys: KeyStore, connectionId: string): Promise<ReadonlyArray<DataKey>> => {
  const owner = `connection:${connectionId}`;
  const found = await keys.ofOwners([owner])();
  if (E.isLeft(found)) throw logError(found.left);
  return (found.right.get(owner) ?? []).flatMap(({ lookup }) => (lookup._tag === 'Key' ? [lookup.key] : []));
};

/**
 * The preferences as a log recorded them, to plan with what stood at the time. An address on `neverDeactivate` is recorded as
 * a hash: a person is known by it once one of their own addresses gives the same hash. Makes no key.
 */
export const makeRecordedPreferences = async (options: {
  readonly keys: KeyStore;
  readonly connectionId: string;
  /** What is configured now: stands where the log has none, or none that this version reads. */
  readonly present: Preferences;
}): Promise<RecordedPreferences> => {
  const { present } = options;
  const under = await connectionKeys(options.keys, options.connectionId);
  const hashed = (address: string): ReadonlyArray<string> => under.map((key) => hashedAddress(key, address));

  const read = (state: EngineState): Recorded => {
    const { preferences, preferencesRevision } = state.connection();
    if (preferences === undefined) return { preferences: present, instead: 'No preferences are recorded.' };
    const decoded = decodeStoredPreferences(preferences);
    if (E.isLeft(decoded)) {
      const paths = decoded.left.map(({ path }) => path).join(', ');
      return {
        preferences: present,
        instead: `The preferences recorded at revision ${preferencesRevision} cannot be read by this version (${paths}).`,
      };
    }
    const isAnyHashed = decoded.right.neverDeactivate.some(isHashed);
    return { preferences: decoded.right, ...(isAnyHashed ? { hashed } : {}) };
  };

  let known: { readonly of: unknown; readonly recorded: Recorded } | undefined;
  const at = (state: EngineState): Recorded => {
    // The fold keeps one object from one `PreferencesChanged` to the next.
    const of = state.connection().preferences;
    if (known === undefined || known.of !== of) known = { of, recorded: read(state) };
    return known.recorded;
  };

  return {
    at,
    contextAt: (state) => {
      const { preferences, hashed: hashes } = at(state);
      return { ...planContextOf(state, preferences), hashed: hashes };
    },
  };
};
