import Table from 'cli-table3';
import { printable, shortened } from './printable.js';

/** One name of ten thousand characters would pad every other line to as many. JSON has the whole. */
const WIDEST = 120;

/** Lines under a head, without frames: it reads on a terminal and can be cut up by other commands. */
export const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const none = Object.fromEntries(
    [
      'top',
      'top-mid',
      'top-left',
      'top-right',
      'bottom',
      'bottom-mid',
      'bottom-left',
      'bottom-right',
      'left',
      'left-mid',
      'mid',
      'mid-mid',
      'right',
      'right-mid',
    ].map((edge) => [edge, '']),
  );
  const made = new Table({
    head: [...head],
    chars: { ...none, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  made.push(...rows.map((row) => row.map((cell) => shortened(printable(cell), WIDEST))));
  return made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
};
