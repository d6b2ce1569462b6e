import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBody, type FieldValue } from './encode-body.js';
import { pathSegment } from './path-segment.js';

describe('encodeBody', () => {
  const fields = new Map<string, FieldValue>([
    ['firstName', 'Zoë & Co'],
    ['jobTitle', null],
    ['skipInvitation', true],
    ['managerId', '17'],
    [
      'customFields',
      [
        { name: 'Employee ID', value: '007' },
        { name: 'Team', value: null },
      ],
    ],
  ]);

  it('writes a form: an empty value empties, pairs of custom fields stay together', () => {
    expect([...new URLSearchParams(encodeBody('form', fields).text)]).toEqual([
      ['firstName', 'Zoë & Co'],
      ['jobTitle', ''],
      ['skipInvitation', 'true'],
      ['managerId', '17'],
      ['customFields[][name]', 'Employee ID'],
      ['customFields[][value]', '007'],
      ['customFields[][name]', 'Team'],
      ['customFields[][value]', ''],
    ]);
  });

  it('writes JSON: null empties, ids are numbers', () => {
    expect(JSON.parse(encodeBody('json', fields).text)).toEqual({
      firstName: 'Zoë & Co',
      jobTitle: null,
      skipInvitation: true,
      managerId: 17,
      customFields: [
        { name: 'Employee ID', value: '007' },
        { name: 'Team', value: null },
      ],
    });
  });

  it('carries any text through a form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(new URLSearchParams(encodeBody('form', new Map([['jobTitle', text]])).text).get('jobTitle')).toBe(text);
      }),
    );
  });
});

describe('pathSegment', () => {
  it('keeps any text, also one without UTF-8, within its segment', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(pathSegment(text)).not.toMatch(/[/?#\\]/);
      }),
    );
    expect(pathSegment('HR/1001')).toBe('HR%2F1001');
    expect(pathSegment('\uD800x')).toBe('%EF%BF%BDx');
  });
});
