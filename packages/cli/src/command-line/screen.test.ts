import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { openScreenOn } from './screen.js';

const open = (rows = 4) => {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (on: boolean) => raw.push(on) });
  const output = Object.assign(new PassThrough(), { rows });
  const ended = new EventEmitter();
  let interrupts = 0;
  const screen = openScreenOn({ input, output, interrupt: () => (interrupts += 1), ended });
  const drawn = (): string => String((output.read() as Buffer | null) ?? '');
  return { screen, input, drawn, raw, ended, interrupts: () => interrupts };
};

test('draws over what stood there, line by line, and never more lines than the terminal has', () => {
  const { screen, drawn } = open(2);
  drawn();
  screen.draw('one\ntwo\nthree\n');
  expect(drawn()).toBe('\u001b[Hone\u001b[K\r\ntwo\u001b[K\u001b[J');
});

test('a terminal that does not know its height is drawn on all the same', () => {
  const { screen, drawn } = open(0);
  drawn();
  screen.draw('one\ntwo');
  expect(drawn()).toContain('two');
});

test('gives the terminal back once: cursor, lines, the old screen, and keys as a shell reads them', () => {
  const { screen, drawn, raw, ended } = open();
  expect(drawn()).toContain('\u001b[?1049h');
  screen.close();
  screen.close();
  expect(drawn()).toBe('\u001b[?7h\u001b[?25h\u001b[?1049l');
  expect(raw).toEqual([true, false]);
  expect(ended.listenerCount('exit')).toBe(0);
});

test('the end of the process gives it back as well', () => {
  const { drawn, ended } = open();
  drawn();
  ended.emit('exit');
  expect(drawn()).toContain('\u001b[?1049l');
});

test.each([
  ['q', true, 0],
  ['\u0003', true, 1],
  ['x', false, 0],
])('the key %j leaves: %s', async (key, leaves, interrupts) => {
  const opened = open();
  opened.input.write(key);
  await new Promise((resolve) => setImmediate(resolve));
  expect(opened.screen.left.aborted).toBe(leaves);
  expect(opened.interrupts()).toBe(interrupts);
  opened.screen.close();
});
