import type { Note } from '@learnamp/directory-sync';
import { counted, printable } from './printable.js';
import type { Style } from './style.js';

const ROWS = 20;
const INDENT = ' '.repeat(11);

type Kind = Exclude<Note['kind'], 'attribute-left-out' | 'people-read'>;

/** What each kind of note about people says of so many of them. */
const kinds: ReadonlyArray<{ readonly kind: Kind; readonly name: string; readonly say: (count: number) => string }> = [
  {
    kind: 'unmapped-language',
    name: 'Languages',
    say: (count) =>
      `${counted(count, "person's language is", "people's languages are")} not offered by Learn Amp and left alone`,
  },
  {
    kind: 'shortened',
    name: 'Shortened',
    say: (count) => `${counted(count, 'text is', 'texts are')} too long for Learn Amp and cut`,
  },
  {
    kind: 'unusable-hire-date',
    name: 'Hire dates',
    say: (count) => `${counted(count, "person's hire date is", "people's hire dates are")} no date and left alone`,
  },
];

/** Nobody has to act on these, so they are counted, and named only for those who look closer. */
const aboutPeople = (
  notes: ReadonlyArray<Note>,
  style: Style,
  { verbose, kind, name, say }: (typeof kinds)[number] & { readonly verbose: boolean },
): ReadonlyArray<string> => {
  const whose = notes.flatMap((note) => (note.kind === kind ? [note] : []));
  if (whose.length === 0) return [];
  const shown = verbose
    ? whose
        .slice(0, ROWS)
        .map(({ userId, reason }) => `${INDENT}${userId}${kind === 'shortened' ? ` (${printable(reason)})` : ''}`)
    : [];
  const more = whose.length - shown.length;
  return [
    `${style.strong(name.padEnd(10))} ${say(whose.length)}${verbose ? ':' : '; --verbose names them.'}`,
    ...shown,
    ...(verbose && more > 0 ? [`${INDENT}and ${more} more.`] : []),
  ];
};

/** Somebody has to act on this one: a mapping that is wrong, or a permission that is missing. */
const attributesLeftOut = (notes: ReadonlyArray<Note>, style: Style): ReadonlyArray<string> => {
  const names = notes.flatMap(({ kind, reason }) => (kind === 'attribute-left-out' ? [printable(reason)] : []));
  if (names.length === 0) return [];
  return [
    `${style.strong('Attributes')} ${style.warning(
      `Microsoft Graph does not take ${names.join(', ')}: left out, everything else was synced.`,
    )} Check attributes and customFields; the next full sync asks again.`,
  ];
};

/** Which of the two ways of reading the people was taken: it decides what a first sync or a full one costs. */
const howRead = (notes: ReadonlyArray<Note>, style: Style): ReadonlyArray<string> =>
  notes.flatMap(({ kind, reason }) =>
    kind === 'people-read' ? [`${style.strong('Reading'.padEnd(10))} ${printable(reason)}.`] : [],
  );

/** How people were read, and what was left alone or cut, under the counts of a report. */
export const notesText = (notes: ReadonlyArray<Note>, style: Style, verbose: boolean): ReadonlyArray<string> => [
  ...howRead(notes, style),
  ...attributesLeftOut(notes, style),
  ...kinds.flatMap((kind) => aboutPeople(notes, style, { ...kind, verbose })),
];
