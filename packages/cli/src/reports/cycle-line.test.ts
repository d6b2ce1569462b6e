import { describe, expect, test } from 'vitest';
import { alertLine } from './cycle-line.js';

const at = { connectionId: 'contoso' };

describe('the line of an alert', () => {
  test('tells a credential that ends from one that is refused', () => {
    expect(alertLine({ ...at, kind: 'credentials', counts: { daysLeft: 7 } })).toBe(
      'contoso: the Graph credential ends in 7 days: replace it.',
    );
    expect(alertLine({ ...at, kind: 'credentials', counts: {} })).toBe('contoso: a credential is refused: renew it.');
  });

  test('says where to look for what is no number', () => {
    expect(alertLine({ ...at, kind: 'unsafe-link', counts: { refused: 2 } })).toBe(
      'contoso: answers of Microsoft Graph lead elsewhere, and are not followed: "directory-sync status" names the host (refused 2).',
    );
  });

  test('gives its numbers', () => {
    expect(alertLine({ ...at, kind: 'held', counts: { deactivations: 3 } })).toBe(
      'contoso: commands wait for approval (deactivations 3).',
    );
  });
});
