import type { ObjectId, Preferences } from '@learnamp/directory-sync';
import * as E from 'fp-ts/lib/Either.js';
import type { Configuration } from './configuration.js';
import { connectionId, graph, learnAmp, notifications, patienceSeconds, schedule } from './connection-readers.js';
import {
  checked,
  type ConfigurationMistake,
  defaulted,
  guid,
  isRecord,
  mistake,
  own,
  type Read,
  type Reader,
  record,
  required,
  yesOrNo,
} from './reader.js';
import type { SecretSources } from './secret.js';
import { eventLog, fileOf, keysOf, pathsBesideACluster, settleStorage, type StorageParts } from './storage-readers.js';

/** The engine's own decoder. It is asked for only when it is needed: loading the engine takes longer than all the rest. */
export type LoadPreferencesDecoder = () => Promise<Reader<Preferences>>;

const objectId: Reader<ObjectId> = (input, path) => {
  const read = guid(input, path);
  // The brand is the engine's; its one rule, a GUID in lower case, is what `guid` has just made true.
  return E.isLeft(read) ? read : E.right(read.right as ObjectId);
};

type Parts = Omit<Configuration, 'preferences' | 'storage'> & StorageParts & { readonly preferences: unknown };

const anything: Reader<unknown> = E.right;

const parts = (sources: SecretSources): Reader<Parts> =>
  checked(
    record<Parts>({
      connectionId: required(connectionId, 'it names this connection in the event log, for good'),
      tenantId: required(objectId, 'the Directory (tenant) ID, shown on the overview page of Entra ID'),
      groupId: required(objectId, 'the Object ID of the group whose members have accounts'),
      eventLog: eventLog(sources),
      graph: graph(sources),
      learnAmp: required(learnAmp(sources), 'where Learn Amp is, and how to sign in'),
      preferences: anything,
      notifications,
      schedule,
      keys: keysOf(sources),
      local: fileOf('the file of caches and projections'),
      patienceSeconds,
      accessLog: defaulted(yesOrNo, true),
    }),
    pathsBesideACluster,
  );

/** Learn Amp's public API sends invitations at once or not at all. */
const invitationsOnHireDate = (input: unknown): ReadonlyArray<ConfigurationMistake> =>
  own(own(input, 'preferences'), 'invitations') === 'hire-date'
    ? [
        {
          path: 'preferences.invitations',
          message: '"hire-date" is for Learn Amp itself: over its REST API use "immediate" or "manual"',
        },
      ]
    : [];

const decodedPreferences = async (
  input: unknown,
  load: LoadPreferencesDecoder,
  othersAreFine: boolean,
): Promise<Read<Preferences> | undefined> => {
  const given = own(input, 'preferences');
  if (given === undefined && !othersAreFine) return undefined;
  if (given !== undefined && !isRecord(given)) return mistake('preferences', 'must be an object, written in braces');
  const decode = await load();
  return decode(given ?? {}, 'preferences');
};

/**
 * Checks the whole configuration and lists every mistake, in the order of the keys. Secrets are read here; no message
 * repeats a value.
 */
export const decodeConfiguration = async (
  input: unknown,
  sources: SecretSources,
  load: LoadPreferencesDecoder,
): Promise<Read<Configuration>> => {
  if (!isRecord(input)) return mistake('', 'The configuration must be one JSON object, written in braces');
  const read = parts(sources)(input, '');
  const storage = E.isRight(read) ? settleStorage(read.right, sources.folder) : undefined;
  const sound = storage !== undefined && E.isRight(storage);
  const preferences = await decodedPreferences(input, load, sound);
  const mistakes = [
    ...(E.isLeft(read) ? read.left : []),
    ...(storage !== undefined && E.isLeft(storage) ? storage.left : []),
    ...(preferences !== undefined && E.isLeft(preferences) ? preferences.left : []),
    ...invitationsOnHireDate(input),
  ];
  if (mistakes.length > 0 || E.isLeft(read) || !sound || preferences === undefined || E.isLeft(preferences))
    return E.left(mistakes);
  const { connectionId: id, tenantId, groupId } = read.right;
  return E.right({
    connectionId: id,
    tenantId,
    groupId,
    storage: storage.right,
    graph: read.right.graph,
    learnAmp: read.right.learnAmp,
    preferences: preferences.right,
    notifications: read.right.notifications,
    schedule: read.right.schedule,
    patienceSeconds: read.right.patienceSeconds,
    accessLog: read.right.accessLog,
  });
};
