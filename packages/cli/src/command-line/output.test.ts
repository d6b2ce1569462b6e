import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { makeOutput, PipeClosed, writeLast, writeLines } from './output.js';

const failing = (code: string): Writable =>
  new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error('write failed'), { code })),
  });

async function* numbers(count: number): AsyncGenerator<string> {
  for (let n = 0; n < count; n += 1) yield String(n);
}

test('lines arrive whole, in order, and in few writes', async () => {
  const written: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk.toString());
      done();
    },
  });
  await writeLines(makeOutput(stream), numbers(50_000));
  expect(written.join('').split('\n')).toHaveLength(50_001);
  expect(written.length).toBeLessThan(20);
});

test('a reader that went away stops the lines, and is told apart from a full disk', async () => {
  await expect(writeLines(makeOutput(failing('EPIPE')), numbers(3))).rejects.toBeInstanceOf(PipeClosed);
  await expect(makeOutput(failing('ENOSPC')).write('x')).rejects.toMatchObject({ code: 'ENOSPC' });
});

test('the last word may go unread', async () => {
  await expect(writeLast(makeOutput(failing('EPIPE')), 'x')).resolves.toBeUndefined();
  await expect(writeLast(makeOutput(failing('ENOSPC')), 'x')).rejects.toMatchObject({ code: 'ENOSPC' });
});
