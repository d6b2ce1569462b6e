import type { ConnectionAt, DiffStep, DiffSummary, FieldDifference } from '@learnamp/directory-sync';
import { shownValue } from './field-rows.js';
import { counted, printable } from './printable.js';
import { table } from './table.js';

/** Cursors of a moment, by name: as one list of objects they would be a line of several hundred columns. */
const cursorPlaces = (cursors: unknown): ReadonlyMap<string, string> =>
  new Map(
    ((cursors ?? []) as ConnectionAt['cursors']).map(({ cursor, reached, issuedAt }) => [
      cursor,
      `${reached}, ${issuedAt}`,
    ]),
  );

const byCursor = ({ before, after }: FieldDifference): ReadonlyArray<FieldDifference> => {
  const [old, now] = [cursorPlaces(before), cursorPlaces(after)];
  return [...new Set([...now.keys(), ...old.keys()])]
    .filter((cursor) => old.get(cursor) !== now.get(cursor))
    .map((cursor) => ({ path: `cursors.${cursor}`, before: old.get(cursor), after: now.get(cursor) }));
};

const fieldTable = (fields: ReadonlyArray<FieldDifference>): string =>
  table(
    ['field', 'before', 'after'],
    fields.map(({ path, before, after }) => [path, shownValue(before), shownValue(after)]),
  );

const changes = { added: 'came into the group', gone: 'left the group', changed: 'changed' } as const;

const summaryText = ({ from, to, added, gone, changed, edges }: DiffSummary): string => {
  if (from === null || to === null) return 'The log is empty: run "directory-sync sync".';
  const what = [
    ...(added === 0 ? [] : [`${counted(added, 'person', 'people')} came`]),
    ...(gone === 0 ? [] : [`${counted(gone, 'person', 'people')} left`]),
    ...(changed === 0 ? [] : [`${counted(changed, 'person', 'people')} changed`]),
    ...(edges === 0 ? [] : [counted(edges, 'membership', 'memberships')]),
  ];
  const range = `From revision ${from.revision} (${from.recordedAt}) to ${to.revision} (${to.recordedAt})`;
  return `${range}: ${what.length === 0 ? 'nobody differs' : what.join(', ')}.`;
};

/** One part of a difference, for people. */
export const differenceText = (step: DiffStep): string => {
  switch (step._tag) {
    case 'Connection':
      return `The connection:\n${fieldTable(step.fields.flatMap((field) => (field.path === 'cursors' ? byCursor(field) : [field])))}\n`;
    case 'Person': {
      const who = step.displayName === null ? step.userId : `${step.displayName} (${step.userId})`;
      return `${printable(`${who} ${changes[step.change]}`)}:\n${fieldTable(step.fields)}\n`;
    }
    case 'Edge':
      return printable(
        `${step.change === 'added' ? '+' : '-'} ${step.kind} ${step.memberId} in the group ${step.groupId}`,
      );
    case 'Summary':
      return summaryText(step);
  }
};
