import type {
  CommandView,
  ConnectionAt,
  DiffStep,
  DirectorySync,
  Moment,
  PersonAt,
  ReplayedEvent,
  ReplayQuery,
  ReplaySummary,
} from '@learnamp/directory-sync';
import { canonicalJson } from '@learnamp/directory-sync-event-sourcing';
import { expect } from 'vitest';
import { fieldsOf } from '../../packages/engine/src/audit/field-differences.js';
import type { Stage } from './stage.js';

export type Replayed = { readonly events: ReadonlyArray<ReplayedEvent>; readonly summary: ReplaySummary };

export const replayed = async (engine: DirectorySync, query?: ReplayQuery): Promise<Replayed> => {
  const events: ReplayedEvent[] = [];
  for await (const step of engine.replay(query)) {
    if (step._tag === 'Summary') return { events, summary: step };
    events.push(step);
  }
  throw new Error('The replay ended without a summary.');
};

const keyOf = ({ kind, subject, command }: CommandView): string => canonicalJson([kind, subject, command as never]);

/** How often a command was asked for, less how often it fell away: `Map` of those that are not at zero. */
export const balanceOf = (
  added: ReadonlyArray<CommandView>,
  taken: ReadonlyArray<CommandView>,
): ReadonlyMap<string, number> => {
  const balance = new Map<string, number>();
  const count = (commands: ReadonlyArray<CommandView>, by: number): void => {
    for (const command of commands) balance.set(keyOf(command), (balance.get(keyOf(command)) ?? 0) + by);
  };
  count(added, 1);
  count(taken, -1);
  return new Map([...balance].filter(([, times]) => times !== 0));
};

type Item = { readonly commandId: string; readonly kind: string; readonly subject: string };

/** What was dispatched, with the content that its receipt tells, where one came. */
const dispatched = async (engine: DirectorySync) => {
  const items: Item[] = [];
  const contents = new Map<string, unknown>();
  for await (const { type, data } of engine.events({
    types: ['CommandsDispatched', 'CommandSucceeded', 'CommandRejected'],
  })) {
    if (type === 'CommandsDispatched') items.push(...(data as { readonly items: ReadonlyArray<Item> }).items);
    else if (data !== null) {
      const { commandId, command } = data as { readonly commandId: string; readonly command: unknown };
      contents.set(commandId, command);
    }
  }
  return { items, contents };
};

/**
 * Every command that went out follows from an event that was told, content and all; what was told and did not go out is what
 * fell away and what is still asked for.
 */
export const expectCommandsExplained = async (engine: DirectorySync): Promise<Replayed> => {
  const found = await replayed(engine);
  const { items, contents } = await dispatched(engine);
  const sent = found.events.flatMap((event) => event.sent);
  expect(sent.map(({ kind, subject }) => [kind, subject])).toEqual(items.map(({ kind, subject }) => [kind, subject]));
  const unexplained = found.events.flatMap(({ revision, sent: here }) =>
    here.flatMap(({ kind, subject, command }) => (command === null ? [[revision, kind, subject]] : [])),
  );
  expect(unexplained).toEqual([]);
  for (const [at, { commandId }] of items.entries())
    if (contents.has(commandId)) expect(sent[at]?.command).toEqual(contents.get(commandId));
  const asked = found.events.flatMap((event) => event.commands);
  const over = [...sent, ...found.events.flatMap(({ fellAway }) => fellAway)];
  for (const times of balanceOf(asked, over).values()) expect(times).toBe(1);
  return found;
};

/** Joins, a rename, another department, another manager, a leave, and other preferences; a sync after each. */
export const liveThrough = async (stage: Stage) => {
  const boss = stage.hire('Bo Boss', { department: 'Sales', jobTitle: 'Head' });
  const ann = stage.hire('Ann Lee', { department: 'Sales', city: 'Bonn', officeLocation: 'Building 1' });
  const cy = stage.hire('Cy Old', { department: 'Support', officeLocation: 'Building 3' });
  stage.directory.setManager(ann, boss);
  await stage.sync();
  stage.directory.updateUser(ann, { displayName: 'Ann May', surname: 'May' });
  await stage.sync();
  stage.directory.updateUser(ann, { department: 'Research', jobTitle: 'Chemist' });
  stage.directory.setManager(cy, ann);
  await stage.sync();
  stage.leave(boss);
  await stage.sync();
  await stage.reopen({ preferences: { attributes: { location: 'city' }, assignOverrideManagers: false } });
  stage.directory.setManager(ann, cy);
  await stage.sync({ full: true });
  return { boss, ann, cy } as const;
};

export type StateAt = { readonly connection: ConnectionAt; readonly people: ReadonlyMap<string, PersonAt> };

export const stateOf = async (engine: DirectorySync, at: Moment): Promise<StateAt> => {
  let connection: ConnectionAt | undefined;
  const people = new Map<string, PersonAt>();
  for await (const step of engine.stateAt(at))
    if (step._tag === 'Connection') connection = step;
    else people.set(step.userId, step);
  if (connection === undefined) throw new Error('The state came without its connection.');
  return { connection, people };
};

type Fields = ReadonlyMap<string, ReadonlyMap<string, unknown>>;

/** The fields of everybody by path, without those that have none. */
export const differing = (people: ReadonlyMap<string, PersonAt>): Fields =>
  new Map(
    [...people].map(([userId, person]) => {
      const fields = new Map(fieldsOf(JSON.parse(JSON.stringify(person))));
      for (const path of ['_tag', 'userId']) fields.delete(path);
      return [userId, fields];
    }),
  );

/** What a difference makes of an earlier state. */
export const diffApplied = (before: ReadonlyMap<string, PersonAt>, steps: ReadonlyArray<DiffStep>): Fields => {
  const people = new Map([...differing(before)].map(([userId, fields]) => [userId, new Map(fields)]));
  for (const step of steps) {
    if (step._tag !== 'Person') continue;
    const fields = people.get(step.userId) ?? new Map<string, unknown>();
    people.set(step.userId, fields);
    for (const field of step.fields) {
      expect(fields.get(field.path)).toEqual(field.before);
      if ('after' in field) fields.set(field.path, field.after);
      else fields.delete(field.path);
    }
  }
  return people;
};
