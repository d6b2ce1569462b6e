import { defineEvent } from '@learnamp/directory-sync-event-sourcing';
import * as t from 'io-ts';
import { ObjectId } from '../ids.js';

/** The first event of a stream: what the log belongs to. A change of the stored form is a new `formatVersion`. */
export const ConnectionCreated = defineEvent({
  type: 'ConnectionCreated',
  data: t.strict({
    formatVersion: t.number,
    connectionId: t.string,
    tenantId: ObjectId,
    groupId: ObjectId,
    keyStoreId: t.string,
    graphBaseUrl: t.string,
    graphCredential: t.string,
    learnAmpBaseUrl: t.string,
    actor: t.string,
  }),
  subjects: (data) => [data.groupId],
  sealing: { kind: 'fields', fields: ['actor'] },
});

export const ScopeGroupChanged = defineEvent({
  type: 'ScopeGroupChanged',
  data: t.strict({ from: ObjectId, to: ObjectId, actor: t.string }),
  subjects: (data) => [data.from, data.to],
  sealing: { kind: 'fields', fields: ['actor'] },
});

/** The preferences as a whole, in their canonical form; e-mails in `neverDeactivate` stand as HMACs. */
export const PreferencesChanged = defineEvent({
  type: 'PreferencesChanged',
  data: t.strict({ preferences: t.UnknownRecord, actor: t.string }),
  sealing: { kind: 'fields', fields: ['actor'] },
});

/** Base URLs and the kind and name of credentials, never a secret. */
export const ConnectionSettingsChanged = defineEvent({
  type: 'ConnectionSettingsChanged',
  data: t.strict({
    graphBaseUrl: t.string,
    graphCredential: t.string,
    learnAmpBaseUrl: t.string,
    actor: t.string,
  }),
  sealing: { kind: 'fields', fields: ['actor'] },
});

const administrative = <T extends string>(type: T) =>
  defineEvent({
    type,
    data: t.strict({ actor: t.string, reason: t.string }),
    sealing: { kind: 'fields', fields: ['actor', 'reason'] },
  });
export const ConnectionPaused = administrative('ConnectionPaused');
export const ConnectionResumed = administrative('ConnectionResumed');
export const ConnectionDisconnected = administrative('ConnectionDisconnected');
