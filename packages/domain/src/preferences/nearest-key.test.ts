import { describe, expect, test } from 'vitest';
import { nearestKey, unknownKeyMessage } from './nearest-key.js';

const known = ['attributes', 'customFields', 'blanks', 'syncPhotos', 'neverDeactivate'];

describe('the nearest known key', () => {
  test.each([
    ['customFeilds', 'customFields'],
    ['custom_fields', 'customFields'],
    ['CUSTOMFIELDS', 'customFields'],
    ['blank', 'blanks'],
    ['blnaks', 'blanks'],
    ['syncPhoto', 'syncPhotos'],
    ['atributes', 'attributes'],
    ['neverDeactivated', 'neverDeactivate'],
  ])('of %s is %s', (key, nearest) => {
    expect(nearestKey(key, known)).toBe(nearest);
  });
  test('of neighbours swapped is one edit away, nearer than two replacements', () => {
    expect(nearestKey('ba', ['xy', 'ab', 'cd'])).toBe('ab');
  });
  test('of a very long text costs little', () => {
    expect(nearestKey('x'.repeat(1_000_000), known)).toBeDefined();
  });
  test('is told in the sentence, where any is known', () => {
    expect(unknownKeyMessage('customFeilds', known)).toBe('unknown key; did you mean `customFields`?');
    expect(unknownKeyMessage('anything', [])).toBe('unknown key');
  });
});
