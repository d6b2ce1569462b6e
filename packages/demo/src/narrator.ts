import pico from 'picocolors';
import { COLUMNS, fitted, type Shown, wrap } from './layout.js';

export type Narrator = {
  readonly title: (text: string) => void;
  /** Begins the next numbered step. */
  readonly step: (name: string, sentence: string) => void;
  readonly say: (sentence: string) => void;
  readonly command: (words: ReadonlyArray<string>) => void;
  readonly output: (text: string, shown: Shown) => void;
  /** Something that was looked up and is as it should be. */
  readonly seen: (fact: string) => void;
  readonly blank: () => void;
  readonly failed: (sentence: string) => void;
};

/** Prints the story. Colour is the caller's decision: it is for terminals. */
export const makeNarrator = (write: (text: string) => void, colour: boolean): Narrator => {
  const { bold, cyan, dim, green, red } = pico.createColors(colour);
  let steps = 0;
  /** Lines after the first stand below the text of the first, whatever `mark` is painted with. */
  const print = (lines: ReadonlyArray<string>, mark: string, margin: number): void =>
    write(lines.map((line, at) => `${at === 0 ? mark : ' '.repeat(margin)}${line}`.trimEnd()).join('\n') + '\n');
  const paragraph = (sentence: string): void => print(wrap(sentence, COLUMNS - 3), '   ', 3);
  return {
    title: (text) => write(`\n${bold(text)}\n${dim('='.repeat(text.length))}\n`),
    step: (name, sentence) => {
      steps += 1;
      write(`\n${bold(`${steps}. ${name}`)}\n`);
      paragraph(sentence);
    },
    say: paragraph,
    command: (words) => write(`\n   ${cyan(`$ directory-sync ${words.join(' ')}`)}\n`),
    output: (text, shown) => {
      if (text.trim() === '') return;
      const bar = dim('|');
      const lines = fitted(text, shown, COLUMNS - 5);
      write(lines.map((line) => `   ${bar} ${line}`.trimEnd()).join('\n') + '\n');
    },
    seen: (fact) => print(wrap(fact, COLUMNS - 6), `   ${green('ok')} `, 6),
    blank: () => write('\n'),
    failed: (sentence) => print(wrap(sentence, COLUMNS).map(red), '', 0),
  };
};
