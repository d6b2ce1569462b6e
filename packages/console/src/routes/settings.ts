import { decodePreferences, type ObjectId, type Preferences, toObjectId } from '@learnamp/directory-sync';
import * as E from 'fp-ts/lib/Either.js';
import type { Hono } from 'hono';
import * as t from 'io-ts';
import { clientOf, redirectUriOf } from '../application.js';
import type { ConnectionSettings } from '../connection-settings.js';
import { type ConsoleEnv, type ConsoleRequest, type Known, knownOf, type Parts, storeOf } from '../console-context.js';
import type { Settings, SettingsKept } from '../contract.js';
import { Refused } from '../problem.js';
import { readBody } from '../security/read-body.js';

const nullable = t.union([t.string, t.null]);

const Change = t.type({ tenantId: nullable, groupId: nullable, preferences: t.unknown, version: t.string });

const where = { tenantId: 'Tenant ID', groupId: 'Object ID of the group' } as const;

export const objectIdOf = (field: keyof typeof where, text: string): ObjectId => {
  const id = toObjectId(text.trim());
  if (id === undefined)
    throw new Refused(
      400,
      'invalid-request',
      `${where[field]}: an id such as 2f1c6a52-0c4b-4a3e-9d25-7b8f7f5b8c11, copied from the Entra admin centre.`,
    );
  return id;
};

export const preferencesOf = (given: unknown): Preferences => {
  const decoded = decodePreferences(given);
  if (E.isRight(decoded)) return decoded.right;
  const mistakes = decoded.left.map(({ path, message }) => `${path.replace(/^preferences\./, '')} ${message}.`);
  throw new Refused(400, 'invalid-request', mistakes.join(' '));
};

/** By name, and nothing else: what a host hands over may be a row that holds its secrets beside these. */
export const settingsIn = (known: Known): ConnectionSettings => {
  const row = known.engineOf === undefined ? known.stored.settings : (known.stored?.settings ?? known.engineOf);
  const { tenantId, groupId, preferences } = row;
  return { tenantId, groupId, preferences };
};

const hasBegun = async ({ engineOf }: Known): Promise<boolean> => {
  // Whoever cannot tell keeps the tenant as it is.
  const status = await engineOf?.engine.status().catch(() => undefined);
  return engineOf !== undefined && (status === undefined || status.head !== null);
};

const settingsOf = async (parts: Parts, request: ConsoleRequest): Promise<Settings> => {
  const known = await knownOf(parts, request);
  const clientId = await clientOf(parts, (known.engineOf ?? known.stored).connectionId);
  return {
    ...settingsIn(known),
    version: known.stored?.version ?? null,
    isSetUp: known.engineOf !== undefined,
    hasBegun: await hasBegun(known),
    application: clientId === undefined ? null : { clientId, redirectUri: redirectUriOf(parts, request) },
  };
};

/** The log belongs to its tenant: the engine would refuse another one, and so the settings must not name it. */
const checkTenant = async (known: Known, tenantId: ObjectId | null): Promise<void> => {
  if (tenantId !== settingsIn(known).tenantId && (await hasBegun(known)))
    throw new Refused(
      409,
      'invalid-request',
      'Tenant ID: what was recorded belongs to the tenant as it is. Another tenant is another connection.',
    );
};

const save = async (parts: Parts, request: ConsoleRequest): Promise<SettingsKept> => {
  const store = storeOf(parts);
  const known = await knownOf(parts, request);
  if (known.stored === undefined)
    throw new Refused(
      409,
      'not-saved-here',
      'Settings are kept where the connection is configured: change them there.',
    );
  const given = await readBody(request.req.raw, Change);
  const tenantId = given.tenantId === null ? null : objectIdOf('tenantId', given.tenantId);
  const groupId = given.groupId === null ? null : objectIdOf('groupId', given.groupId);
  if (known.engineOf !== undefined && (tenantId === null || groupId === null))
    throw new Refused(
      400,
      'invalid-request',
      'A connection in use has a tenant and a group: it is ended by disconnecting it.',
    );
  await checkTenant(known, tenantId);
  const settings = { tenantId, groupId, preferences: preferencesOf(given.preferences) };
  const { connectionId } = known.stored;
  const saved = await store.save(connectionId, settings, { version: given.version, by: request.get('visitor') });
  if (saved._tag === 'Saved') return { takesEffect: saved.takesEffect };
  throw saved._tag === 'NotSaved'
    ? new Refused(409, 'not-saved-here', saved.message)
    : new Refused(
        409,
        'changed-meanwhile',
        'Somebody else changed the settings meanwhile: nothing was saved. Load the page again, and make your change to what stands now.',
      );
};

/** What people decide about a company: shown to everybody who may look, saved where the host has a place for it. */
export const addSettings = (api: Hono<ConsoleEnv>, parts: Parts): void => {
  api.get('/companies/:company/settings', async (request) => request.json<Settings>(await settingsOf(parts, request)));
  api.put('/companies/:company/settings', async (request) => request.json<SettingsKept>(await save(parts, request)));
};
