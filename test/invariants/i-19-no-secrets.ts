import { type Invariant, wrongIf } from './invariant.js';
import type { Said } from './world.js';

/** Tokens in links, bearer tokens, pictures. */
const patterns: ReadonlyArray<readonly [what: string, pattern: RegExp]> = [
  ['a delta or page token', /\$?(?:delta|skip)token=[^"&]/i],
  ['an access token', /\beyJ[\w-]{16,}\.[\w-]{8,}/],
  ['a bearer', /\bbearer [\w.~+/-]{12,}/i],
  ['the bytes of a photo', /\/9j\/4AAQ|iVBORw0KGgo|"data:image\//],
];

export const noSecrets: Invariant = {
  id: 'I-19',
  says: 'no secret, token, link in clear, photo or raw page in records, lines, errors or exports',
  watch: () => ({
    onLook: ({ events, stored, said, secrets, reports }) => {
      const texts: ReadonlyArray<Said> = [
        ...events.map((event) => ({ where: `revision ${event.revision}`, text: JSON.stringify(event) })),
        ...reports.map((report) => ({ where: `report of ${report.startedAt}`, text: JSON.stringify(report) })),
        ...stored,
        ...said,
      ];
      return texts.flatMap(({ where, text }) => [
        ...patterns.flatMap(([what, pattern]) => wrongIf(pattern.test(text), `${what} can be read`, where)),
        ...secrets.flatMap((secret) => wrongIf(text.includes(secret), 'a secret can be read', where)),
      ]);
    },
  }),
};
