import { expect, test } from 'vitest';
import { makeSecret } from '../configuration/secret.js';
import { makeRedactor, withoutAddresses } from './redact.js';

test('a secret is taken out as it is, in a URL and in JSON', () => {
  const redact = makeRedactor(() => ['p"ss wörd/1', 'token-value']);
  for (const text of [
    'p"ss wörd/1',
    encodeURIComponent('p"ss wörd/1'),
    JSON.stringify({ a: 'p"ss wörd/1' }),
    'token-value',
  ])
    expect(redact(`before ${text} after`)).toMatch(/^before .*\[secret\].* after$/);
});

test('a secret that was replaced while it runs is taken out, and the one before still is', () => {
  let kept = 'the-first-one';
  const secret = makeSecret(kept, () => kept);
  const redact = makeRedactor(secret.seen);
  kept = 'the-renewed-one';
  expect(secret.again()).toBe('the-renewed-one');
  expect(redact('not the-first-one, nor the-renewed-one')).toBe('not [secret], nor [secret]');
});

test('a secret too short to be told from a word is left alone', () => {
  expect(makeRedactor(() => ['a', ''])('a man a plan')).toBe('a man a plan');
});

test('addresses are taken out of a text', () => {
  expect(withoutAddresses('cannot read <anna.b@contoso.example>, "c@d"')).toBe('cannot read <[address]>, "[address]"');
});
