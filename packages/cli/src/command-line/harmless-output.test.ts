import { expect, test } from 'vitest';
import { harmlessOutput } from './harmless-output.js';

const printed = async (text: string): Promise<string> => {
  let all = '';
  const write = (part: string): Promise<void> => {
    all += part;
    return Promise.resolve();
  };
  await harmlessOutput({ write, isTerminal: true, columns: 80 }).write(text);
  return all;
};

test('JSON is the same value, whatever character stands in it, and nothing of it is obeyed by a terminal', async () => {
  const every = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code));
  for (const value of [every, every.join(''), { [every.join('')]: '👩🏽‍🚀\ud800\\u202e' }]) {
    const text = await printed(JSON.stringify(value));
    expect(JSON.parse(text)).toEqual(value);
    expect(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/.test(text)).toBe(false);
  }
});

test('colours and line ends of our own pass', async () => {
  expect(await printed('\u001b[31mred\u001b[0m\n')).toBe('\u001b[31mred\u001b[0m\n');
  expect(await printed('\u009b31m \u202e')).toBe('\\u009b31m \\u202e');
});
