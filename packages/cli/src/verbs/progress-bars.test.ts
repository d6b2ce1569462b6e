import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { OutputStream } from '../command-line/output.js';
import { openProgressBars } from './progress-bars.js';

test('each step is drawn by its name, with a bar once its total is known, and the line is cleared at the end', async () => {
  const stream = Object.assign(new PassThrough(), {
    isTTY: true,
    columns: 100,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  }) as OutputStream & PassThrough;
  const bars = await openProgressBars(stream);
  bars.show({ step: 'groups', done: 3, total: undefined });
  bars.show({ step: 'profiles', done: 10, total: 40 });
  bars.show({ step: 'profiles', done: 40, total: 40 });
  bars.stop();
  const drawn = String(stream.read() as Buffer);
  expect(drawn).toContain('Reading groups');
  expect(drawn).toMatch(/Reading profiles .*\/40/);
});

test('nothing is drawn where there is no terminal', async () => {
  const bars = await openProgressBars(undefined);
  bars.show({ step: 'groups', done: 3, total: undefined });
  bars.stop();
});
