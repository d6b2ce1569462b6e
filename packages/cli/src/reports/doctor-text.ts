import type { LearnAmpCheck } from '@learnamp/directory-sync';
import { counted, printable } from './printable.js';
import type { Style } from './style.js';

const words: Readonly<Record<LearnAmpCheck['check'], string>> = {
  credentials: 'credentials',
  scopes: 'scopes',
  accounts: 'list of accounts',
  'one-account': 'one account',
  'external-id': 'external ids',
  email: 'addresses',
  statuses: 'statuses',
  owners: 'owners',
  teams: 'teams',
  'custom-fields': 'custom fields',
};

const width = Math.max(...Object.values(words).map(({ length }) => length));

const marks: Readonly<Record<LearnAmpCheck['result'], readonly [string, keyof Style]>> = {
  ok: ['ok', 'good'],
  note: ['note', 'warning'],
  failed: ['failed', 'bad'],
  skipped: ['-', 'faint'],
};

/** One check as a line: what it came to, what it is about, and a sentence. */
export const checkLine = ({ check, result, says }: LearnAmpCheck, style: Style): string => {
  const [mark, colour] = marks[result];
  return `${style[colour](mark.padEnd(6))}  ${words[check].padEnd(width)}  ${printable(says)}\n`;
};

export const conclusion = (checks: ReadonlyArray<LearnAmpCheck>): string => {
  const failed = checks.filter(({ result }) => result === 'failed').length;
  return failed === 0
    ? 'Learn Amp answers as the sync relies on. Nothing was written.\n'
    : `${counted(failed, 'check', 'checks')} failed. Nothing was written.\n`;
};
