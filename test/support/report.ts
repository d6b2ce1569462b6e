import type { CommandKind, SyncReport } from '@learnamp/directory-sync';
import { expect } from 'vitest';

/** What every cycle with something to record carries along; it says nothing about people. */
const bookkeeping: ReadonlySet<string> = new Set([
  'ConnectionCreated',
  'PreferencesChanged',
  'EngineStarted',
  'SyncRequested',
  'SyncStarted',
  'SyncCompleted',
  'DeltaCursorMoved',
  'CommandsDispatched',
]);

/** The events of a cycle that say something about the company, by type. */
export const facts = (report: Pick<SyncReport, 'events'>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(report.events).filter(([type]) => !bookkeeping.has(type)));

/** Commands that Learn Amp carried out, by kind. */
export const succeeded = (report: SyncReport): Readonly<Partial<Record<CommandKind, number>>> =>
  Object.fromEntries(
    Object.entries(report.commands).flatMap(([kind, counts]) =>
      counts.succeeded === 0 ? [] : [[kind, counts.succeeded]],
    ),
  );

/** What stands for one person in a report. */
export const attentionOf = (report: SyncReport, userId: string): ReadonlyArray<string> =>
  report.attention.flatMap((entry) => (entry.userId === userId ? [`${entry.kind}: ${entry.reason}`] : []));

/** The same for a full sync, which begins its cursors anew and says so. */
export const news = (report: Pick<SyncReport, 'events'>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(facts(report)).filter(([type]) => type !== 'DeltaCursorDropped'));

/** Nothing at all, inside `toMatchObject`, which takes a plain `{}` for anything. */
export const none: unknown = expect.toSatisfy((value: object) => Object.keys(value).length === 0, 'has nothing in it');

/** What a report notes of people. How they were read, of no person, is told by the first sync and by full ones. */
export const notesOfPeople = ({ notes }: SyncReport): SyncReport['notes'] =>
  notes?.filter(({ kind }) => kind !== 'people-read');
