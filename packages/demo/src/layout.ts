/** Narrow enough for a terminal nobody has made wider. */
export const COLUMNS = 80;

const width = (text: string): number => Array.from(text).length;

/** Breaks a sentence between words; a word longer than a line stands alone. Lines after the first are indented. */
export const wrap = (text: string, columns: number, indent = ''): ReadonlyArray<string> => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line.trim() === '' || width(longer) <= columns) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = indent + word;
  }
  return [...lines, line];
};

/** One line of a table: what does not fit is cut, and the cut is shown. */
export const clip = (line: string, columns: number): string =>
  width(line) <= columns
    ? line
    : `${Array.from(line)
        .slice(0, columns - 1)
        .join('')}…`;

/** A report's lines name their subject first (`Sent       8 teams ensured, …`): the rest goes below the rest. */
const hanging = (line: string): string => {
  const name = /^\S+(?: \S+)? {2,}/.exec(line)?.[0] ?? '';
  return ' '.repeat(name.length > 0 && name.length < 16 ? name.length : 2);
};

/** The inner runs of spaces of a report's line must survive wrapping: only its text after the name is broken. */
const wrapReportLine = (line: string, columns: number): ReadonlyArray<string> => {
  const indent = hanging(line);
  const name = /^\S+(?: \S+)? {2,}/.exec(line)?.[0] ?? '';
  if (name === '' || name.length >= 16) return wrap(line, columns, indent);
  return wrap(line.slice(name.length), columns - name.length).map((part, at) => (at === 0 ? name : indent) + part);
};

export type Shown = {
  /** `table`: lines are cut; `report`: they are broken between words. */
  readonly as?: 'table' | 'report';
  /** What is beyond this many lines is counted. */
  readonly lines?: number;
  /** Only what stands before this line. */
  readonly until?: RegExp;
};

/** What a command printed, as it fits here, and a line that says how much was left out. */
export const fitted = (output: string, shown: Shown, columns: number): ReadonlyArray<string> => {
  const all = output.replace(/\n+$/, '').split('\n');
  const stop = shown.until === undefined ? -1 : all.findIndex((line) => shown.until?.test(line));
  const limit = Math.min(stop === -1 ? all.length : stop, shown.lines ?? all.length);
  const kept = all.slice(0, limit).join('\n').trimEnd().split('\n');
  const more = all.slice(limit).filter((line) => line.trim() !== '').length;
  const lines = kept.flatMap((line) => (shown.as === 'table' ? [clip(line, columns)] : wrapReportLine(line, columns)));
  return more === 0 ? lines : [...lines, `… and ${more} more lines`];
};
