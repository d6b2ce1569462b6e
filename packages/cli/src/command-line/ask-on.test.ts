import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askOn } from './ask-on.js';

const setting = () => {
  const input = new PassThrough();
  const output = new PassThrough();
  const controller = new AbortController();
  const ask = askOn(input, output, () => controller.abort());
  return { input, output, controller, answer: ask('Go on? ', controller.signal) };
};

test('the line that is typed is the answer', async () => {
  const { input, output, answer } = setting();
  input.write('yes\n');
  expect(await answer).toBe('yes');
  expect(String(output.read() as Buffer)).toBe('Go on? ');
});

test('the end of the input is no answer', async () => {
  const { input, output, answer } = setting();
  input.end();
  expect(await answer).toBeUndefined();
  expect(String(output.read() as Buffer)).toBe('Go on? \n');
});

test('a signal that aborted before is no answer, and nothing is asked', async () => {
  const { controller, output, answer } = setting();
  controller.abort();
  expect(await answer).toBeUndefined();
  expect(output.read()).toBeNull();
});

test('a signal that aborts while the question stands is no answer', async () => {
  const { controller, output, answer } = setting();
  output.once('data', () => controller.abort());
  expect(await answer).toBeUndefined();
});
