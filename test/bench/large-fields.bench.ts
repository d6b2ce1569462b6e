import { bench, describe } from 'vitest';
import { atMost, machine, median, once, print } from './support/measured.js';
import { openFieldCompany } from './support/field-company.js';

// What a field of 64 KiB costs beyond one of ten characters, from the answer of Graph to the command, and in a sentence for people:
// nobody may make everybody wait by what they write into their profile.

const TIMES = Number(process.env['TIMES'] ?? 15);
const SIZE = 64 * 1024;

/** Texts that cost those who read them most: plain ones, such as JSON escapes, such as take two units, and nearly addresses. */
const texts: Readonly<Record<string, (length: number) => string>> = {
  plain: (length) => 'W'.repeat(length),
  escaped: (length) => '\u0001"\\'.repeat(length).slice(0, length),
  emoji: (length) => '😀'.repeat(length / 2),
  spaces: (length) => `${' '.repeat(length - 1)}x`,
  'nearly an address': (length) => 'a.'.repeat(length / 2),
};

const fields = [
  'jobTitle',
  'department',
  'officeLocation',
  'preferredLanguage',
  'displayName',
  'givenName',
  'surname',
  'mail',
];

/** What 64 KiB cost more than ten characters; each kind in a company of its own, so that no history grows meanwhile. */
const moreFor = async (field: string, make: (length: number) => string): Promise<number> => {
  const company = await openFieldCompany();
  try {
    const [small, large]: [number[], number[]] = [[], []];
    for (let n = 0; n < TIMES; n += 1) {
      small.push(await company.change(field, `${String(n)}${make(10)}`));
      large.push(await company.change(field, `${String(n)}${make(SIZE)}`));
    }
    return median(large) - median(small);
  } finally {
    await company.close();
  }
};

describe('64 KiB in every field', () => {
  bench(
    'of a person, through one cycle',
    async () => {
      print(machine());
      let worst = 0;
      for (const field of fields)
        for (const [kind, make] of Object.entries(texts)) {
          const more = await moreFor(field, make);
          worst = Math.max(worst, more);
          print(`      ${field.padEnd(18)} ${kind.padEnd(18)} ${more.toFixed(1)} ms more`);
        }
      atMost('milliseconds that 64 KiB in one field cost more', worst, { bar: 5, gate: 75 });
    },
    once,
  );
});
