import type { DeliveredPerson, DirectoryPerson, ObjectId } from '@learnamp/directory-sync-domain';
import { pathTo } from '@learnamp/directory-sync-domain';
import type { KeyStore, ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import type { AccessView, Viewer } from '../access/access.js';
import { listAccesses } from '../access/list-accesses.js';
import { recordAccess } from '../access/record-access.js';
import type { Connection } from '../connection/open-connection.js';
import type { EventView } from '../directory-sync.js';
import { logError } from '../failure.js';
import type { EngineState } from '../state/engine-state.js';
import { tables } from '../state/tables.js';
import { eventViews } from '../views/event-view.js';
import { namesOf, reachOf } from '../views/person-view.js';
import type { NameOf } from './event-words.js';
import { readStory } from './person-story.js';
import type { PersonExport } from './person-export.js';

/** Events that name many people are cut down to this one: whom else they name is nobody's business here. */
const onlyOf = (event: EventView, userId: ObjectId): EventView => {
  const { data } = event;
  const metadata = event.metadata as { readonly subjects: ReadonlyArray<string> };
  if (event.type === 'CommandsDispatched') {
    const sent = data as { readonly items: ReadonlyArray<{ readonly subject: string }> };
    const items = sent.items.filter(({ subject }) => subject === userId);
    return { ...event, data: { ...sent, items }, metadata: { ...metadata, subjects: [userId] } };
  }
  if (typeof data !== 'object' || data === null || !('userIds' in data)) return event;
  return { ...event, data: { ...data, userIds: [userId] }, metadata: { ...metadata, subjects: [userId] } };
};

const eventsOf = async ({ stream }: Connection, userId: ObjectId, to: bigint): Promise<ReadonlyArray<EventView>> => {
  const events: EventView[] = [];
  for await (const event of eventViews(stream, { userIds: [userId], to })) events.push(onlyOf(event, userId));
  return events;
};

const profileOf = (
  person: DirectoryPerson | undefined,
  groupPath: ReadonlyArray<ObjectId>,
  named: NameOf,
): PersonExport['profile'] =>
  person === undefined || person.erased
    ? null
    : {
        inScope: person.inScope,
        attributes: person.attributes,
        accountEnabled: person.accountEnabled,
        managerId: person.managerId ?? null,
        groupPath,
        groupNames: namesOf(groupPath, named),
        deleted: person.deleted ?? null,
      };

const learnAmpOf = (state: EngineState, delivered: DeliveredPerson): PersonExport['learnAmp'] => ({
  learnAmpUserId: delivered.link ?? null,
  status: delivered.gone ? 'gone' : (delivered.status ?? null),
  role: delivered.role ?? null,
  email: delivered.email ?? null,
  firstName: delivered.firstName ?? null,
  lastName: delivered.lastName ?? null,
  profile: delivered.profile,
  customFields: delivered.customFields,
  primaryTeam:
    (delivered.teamKey === undefined ? undefined : state.connection().teams[delivered.teamKey]?.name) ?? null,
  managerLearnAmpUserId: delivered.managerLearnAmpUserId ?? null,
  candidate: delivered.candidate ?? null,
});

const openOf = ({ unknown, rejected, deferred, parked }: DeliveredPerson): PersonExport['open'] =>
  Object.entries({ unknown, rejected, deferred, parked }).flatMap(([standing, slots]) =>
    (Object.keys(slots) as ReadonlyArray<keyof DeliveredPerson['unknown']>).map((kind) => ({ kind, standing })),
  );

/** Ids alone: no key leaves the store. */
const keysOf = async (keys: KeyStore, userId: ObjectId): Promise<PersonExport['keys']> => {
  const found = await keys.ofOwners([userId])();
  if (E.isLeft(found)) throw logError(found.left);
  return (found.right.get(userId) ?? []).map(({ keyId, state }) => ({ keyId, standing: state }));
};

const rowsOf = (rows: ProjectionRows, userId: ObjectId, { email, link }: DeliveredPerson): PersonExport['rows'] => {
  // Whoever has not asked for the checkpoint yet may be answered from rows that were lost.
  if (rows.checkpoint() === undefined) return [];
  const places: ReadonlyArray<readonly [string, string]> = [
    [tables.people, userId],
    [tables.delivered, userId],
    [tables.pending, userId],
    [tables.unsettled, userId],
    ...(email === undefined ? [] : [[tables.holders, `email:${email.toLowerCase()}`] as const]),
    ...(link === undefined ? [] : [[tables.holders, `account:${link}`] as const]),
  ];
  return places.flatMap(([table, key]) => {
    const value = rows.get(table, key);
    const isOthers = table === tables.holders && value !== userId;
    return value === undefined || isOthers ? [] : [{ table, key, value }];
  });
};

const elsewhere: ReadonlyArray<string> = [
  'Microsoft Entra ID holds the directory entry, and Learn Amp the account: both are asked for apart.',
  'Photos: the bytes are kept nowhere here; events hold keyed marks of them.',
  'Memberships: the local database holds which recorded groups list the person, by ids (table memberships).',
  'Notifications: the inbox holds object ids until the next sync has looked.',
  'The key store holds the keys named here; backups of log and key store hold what they held when they were made.',
];

/** Who else was looked at in the same breath is nobody's business here. */
const accessesOf = async (connection: Connection, userId: ObjectId): Promise<ReadonlyArray<AccessView>> => {
  const accesses: AccessView[] = [];
  for await (const access of listAccesses(connection, { userIds: [userId] }))
    accesses.push({ ...access, userIds: access.userIds.filter((other) => other === userId) });
  return accesses;
};

const holdOf = ({ hold }: DeliveredPerson): PersonExport['hold'] =>
  hold === undefined ? null : { kind: hold.kind, standing: hold.standing, reason: hold.reason ?? null };

/** One document with everything that log and local state hold of a person, opened. That it was made is recorded first. */
export const exportPerson = async (connection: Connection, userId: ObjectId, by: Viewer): Promise<PersonExport> => {
  const { options, stream, world } = connection;
  await recordAccess(connection, { view: 'export', userIds: [userId], count: 1, by });
  const state = await connection.present();
  const head = state.head();
  const to = head?.revision ?? -1n;
  const named = state.membership.nameOf;
  const events = head === undefined ? [] : await eventsOf(connection, userId, to);
  const story = head === undefined ? undefined : await readStory(stream, userId, { to, named, signal: undefined });
  const person = state.person(userId);
  const delivered = state.delivered(userId);
  const path = person?.inScope === true ? pathTo(userId, reachOf(state, options.groupId)) : [];
  return {
    connectionId: options.connectionId,
    tenantId: options.tenantId,
    userId,
    exportedAt: world.now().toISOString(),
    head: head === undefined ? null : { revision: head.revision.toString(), hash: head.hash },
    erased: story?.erased ?? null,
    profile: profileOf(person, path, named),
    learnAmp: learnAmpOf(state, delivered),
    hold: holdOf(delivered),
    open: openOf(delivered),
    events,
    commands: story?.commands ?? [],
    accesses: await accessesOf(connection, userId),
    keys: await keysOf(options.keys, userId),
    rows: rowsOf(await connection.rows(), userId, delivered),
    elsewhere,
  };
};
