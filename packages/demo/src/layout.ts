/** Narrow enough for a terminal nobody has made wider. */
export const COLUMNS = 80;

/** Columns on a terminal: a character of the scripts below takes two. */
const columnsOf = (character: string): number =>
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u.test(character) ? 2 : 1;
export const width = (text: string): number => Array.from(text).reduce((sum, each) => sum + columnsOf(each), 0);

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
export const clip = (line: string, columns: number): string => {
  if (width(line) <= columns) return line;
  let kept = '';
  for (const character of line) {
    if (width(kept + character) >= columns) break;
    kept += character;
  }
  return `${kept}…`;
};

/** A line of a report begins with a name in a column of its own (`Sent       8 teams ensured`): eleven wide. */
const named = /^[A-Z][a-z]+(?: [a-z]+)? +(?<=^.{11})/;

/** What does not fit goes below the text, not below the name. */
const wrapReportLine = (line: string, columns: number): ReadonlyArray<string> => {
  const name = named.exec(line)?.[0] ?? '';
  if (name === '') return wrap(line, columns, '  ');
  const indent = ' '.repeat(name.length);
  return wrap(line.slice(name.length), columns - name.length).map((part, at) => (at === 0 ? name : indent) + part);
};

export type Shown = {
  /** `table`: lines are cut; `report`: they are broken between words. */
  readonly as?: 'table' | 'report';
  /** What is beyond this many lines is counted. */
  readonly lines?: number;
  /** Only what stands before this line. */
  readonly until?: RegExp;
  /** What the lines that are left out hold. */
  readonly rest?: string;
};

/** What a command printed, as it fits here, and a line that says how much was left out. */
export const fitted = (output: string, shown: Shown, columns: number): ReadonlyArray<string> => {
  const all = output.replace(/\n+$/, '').split('\n');
  const stop = shown.until === undefined ? -1 : all.findIndex((line) => shown.until?.test(line));
  const limit = Math.min(stop === -1 ? all.length : stop, shown.lines ?? all.length);
  const kept = all.slice(0, limit).join('\n').trimEnd().split('\n');
  const more = all.slice(limit).filter((line) => line.trim() !== '').length;
  const lines = kept.flatMap((line) => (shown.as === 'table' ? [clip(line, columns)] : wrapReportLine(line, columns)));
  if (more === 0) return lines;
  return [...lines, `… and ${more} more lines${shown.rest === undefined ? '' : `: ${shown.rest}`}`];
};
