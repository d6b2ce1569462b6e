import {
  accessEvents,
  commandCodecs,
  commandKinds,
  directoryEvents,
  phaseOf,
  riskOf,
  type Command,
} from '@learnamp/directory-sync-domain';
import type * as t from 'io-ts';
import { sampleOf, shapeOf } from './codec-shape.js';

/** What the reference says of an event or a command and can be read from the code: everything but what it means. */
export type ReferenceRow = { readonly name: string; readonly facts: ReadonlyArray<string> };

type Definition = {
  readonly type: string;
  readonly version: number;
  readonly data: t.Mixed;
  readonly subjects: (data: unknown) => ReadonlyArray<string>;
  readonly sealing:
    | { readonly kind: 'clear' }
    | { readonly kind: 'owner'; readonly owner: (data: unknown) => string | undefined }
    | { readonly kind: 'fields'; readonly fields: ReadonlyArray<string> };
};

const eventRow = ({ type, version, data, subjects, sealing }: Definition): ReferenceRow => {
  const { value, paths } = sampleOf(data);
  // Some events name ids through a plain text, such as the subject of a dispatched command.
  const about = subjects(value).map((id) => paths.get(id) ?? 'items.subject');
  const sealed =
    sealing.kind === 'clear'
      ? 'no'
      : sealing.kind === 'owner'
        ? `all, key of ${paths.get(sealing.owner(value) ?? '') ?? '?'}`
        : sealing.fields.join(', ');
  return { name: type, facts: [String(version), shapeOf(data), about.length === 0 ? '-' : about.join(', '), sealed] };
};

export const eventRows = (): ReadonlyArray<ReferenceRow> =>
  ([...directoryEvents, ...accessEvents] as unknown as ReadonlyArray<Definition>).map(eventRow);

export const commandRows = (): ReadonlyArray<ReferenceRow> =>
  commandKinds.map((kind) => {
    const codec: t.Mixed = commandCodecs[kind];
    const risk = riskOf(sampleOf(codec).value as Command);
    return { name: kind, facts: [shapeOf(codec, ['kind']), String(phaseOf[kind]), risk] };
  });

/** Rows of the tables in a page: a name in back quotes, what it means, and facts in the cells behind. */
export const rowsIn = (page: string): ReadonlyArray<ReferenceRow & { readonly meaning: string }> =>
  page.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const name = /^`([A-Z][A-Za-z]+)`$/.exec(cells[1] ?? '')?.[1];
    if (name === undefined || cells.length < 5) return [];
    const [, , meaning = '', ...facts] = cells.slice(0, -1);
    return [{ name, meaning, facts: facts.map((fact) => fact.replaceAll('`', '')) }];
  });
