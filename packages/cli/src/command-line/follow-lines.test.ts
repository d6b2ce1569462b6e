import { expect, test } from 'vitest';
import { followLines } from './follow-lines.js';
import { type Output, PipeClosed } from './output.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

const collecting = () => {
  const writes: string[] = [];
  const output: Output = {
    write: async (text) => void writes.push(text),
    isTerminal: false,
    columns: undefined,
  };
  return { writes, output };
};

test('what is there goes out together; what has to be waited for does not hold it back', async () => {
  const { writes, output } = collecting();
  let more = (): void => undefined;
  const later = new Promise<void>((resolve) => (more = resolve));
  async function* lines() {
    yield 'a';
    yield 'b';
    await later;
    yield 'c';
  }
  const following = followLines(output, lines(), () => undefined);
  await turn();
  expect(writes.join('')).toBe('a\nb\n');
  more();
  await following;
  expect(writes.join('')).toBe('a\nb\nc\n');
});

test('a thousand lines that are there are a few writes', async () => {
  const { writes, output } = collecting();
  async function* lines() {
    for (let n = 0; n < 1000; n += 1) yield 'x'.repeat(100);
  }
  await followLines(output, lines(), () => undefined);
  expect(writes.join('')).toHaveLength(101_000);
  expect(writes.length).toBeLessThan(10);
});

test('a reader that went away while the next line is waited for ends the wait', async () => {
  const left = new AbortController();
  async function* lines() {
    yield 'a';
    await new Promise((resolve) => left.signal.addEventListener('abort', resolve));
  }
  const output: Output = { ...collecting().output, write: () => Promise.reject(new PipeClosed()) };
  await expect(followLines(output, lines(), () => left.abort())).rejects.toBeInstanceOf(PipeClosed);
});
