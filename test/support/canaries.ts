import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The ways a text may stand in a file: as it is, as JSON escapes it, and as SQLite and Windows would write it in UTF-16. */
const forms = (text: string): ReadonlyArray<Buffer> => [
  Buffer.from(text),
  Buffer.from(text.toLowerCase()),
  Buffer.from(text, 'utf16le'),
  Buffer.from(Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -1)),
  Buffer.from(Buffer.from(text).toString('hex')),
];

/** In which files of a folder, whatever they are called, which of the texts stand: `file: text`. */
export const canariesIn = (folder: string, canaries: ReadonlyArray<string>): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      return canaries
        .filter((canary) => forms(canary).some((form) => bytes.includes(form)))
        .map((canary) => `${entry.name}: ${canary}`);
    });
