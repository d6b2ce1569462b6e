import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { read, root } from './tree.js';

type Rows = ReadonlyArray<ReadonlyArray<string>>;

const cellsOf = (line: string): ReadonlyArray<string> =>
  line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));

const asLine = (cells: ReadonlyArray<string>): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** The rows of the first table under a heading, without its head. With UPDATE_DOCS=1 they are replaced by `wanted` first. */
export const tableUnder = (page: string, heading: string, wanted: Rows = []): Rows => {
  const lines = read(page).split('\n');
  const at = lines.findIndex((line) => new RegExp(`^#+ ${heading}$`).test(line));
  const begin = lines.findIndex((line, index) => index > at && line.startsWith('|')) + 2;
  if (at < 0 || begin < 2) throw new Error(`${page} has no table under "${heading}".`);
  const length = lines.slice(begin).findIndex((line) => !line.startsWith('|'));
  if (process.env['UPDATE_DOCS'] !== undefined) {
    lines.splice(begin, length, ...wanted.map(asLine));
    writeFileSync(join(root, page), lines.join('\n'));
    return wanted;
  }
  return lines.slice(begin, begin + length).map(cellsOf);
};
