import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Body } from '../http/read-body.js';
import { readRefusal } from './read-refusal.js';

const answer = (value: unknown, status = 400) => ({
  status,
  headers: new Headers(),
  body: { _tag: 'Json', value } as Body,
});

/** FOUND: every body here but the last two is an example of the reference. ASSUMED: the last two (a taken e-mail, Rails' own shape). */
describe('readRefusal', () => {
  it.each([
    [
      {
        error: 'email is missing, email is empty, firstName is missing, lastName is missing',
        fullErrors: { email: ['is missing', 'is empty'], firstName: ['is missing'], lastName: ['is missing'] },
      },
      { fields: ['email', 'firstName', 'lastName'], taken: [], blank: ['email', 'firstName', 'lastName'] },
    ],
    [
      {
        error: 'Validation failed: Integration external id has already been taken',
        fullErrors: { integrationExternalId: ['has already been taken'] },
      },
      { fields: ['integrationExternalId'], taken: ['integrationExternalId'], blank: [] },
    ],
    [
      { error: 'managerEmail must match an existing user email within your company' },
      { fields: ['managerEmail'], taken: [], blank: [] },
    ],
    [
      { error: 'managerId, managerEmail are mutually exclusive' },
      { fields: ['managerId', 'managerEmail'], taken: [], blank: [] },
    ],
    [
      {
        error: 'primaryTeamIntegrationExternalId must match existing teams integration external IDs',
        fullErrors: { primaryTeamIntegrationExternalId: ['must match existing teams integration external IDs'] },
      },
      { fields: ['primaryTeamIntegrationExternalId'], taken: [], blank: [] },
    ],
    [
      { error: "Validation failed: Value can't be blank", fullErrors: { value: ["can't be blank"] } },
      { fields: ['value'], taken: [], blank: ['value'] },
    ],
    [{ error: 'Not found' }, { fields: [], taken: [], blank: [] }],
    [{ error: 'Validation failed: Email has already been taken' }, { fields: ['email'], taken: ['email'], blank: [] }],
    [{ errors: { first_name: ["can't be blank"] } }, { fields: ['firstName'], taken: [], blank: ['firstName'] }],
  ])('reads %j', (body, expected) => {
    expect(readRefusal(answer(body))).toMatchObject({ ...expected, status: 400, readable: true });
  });

  it('does not read a web page', () => {
    expect(readRefusal({ status: 400, headers: new Headers(), body: { _tag: 'NotJson', html: true } })).toMatchObject({
      readable: false,
      fields: [],
    });
  });

  it('names fields only, whatever the body says', () => {
    const text = fc.string({ unit: 'binary' });
    const body = fc.record({ error: fc.oneof(text, fc.jsonValue()), fullErrors: fc.dictionary(text, fc.array(text)) });
    fc.assert(
      fc.property(fc.oneof(body, fc.jsonValue()), (value) => {
        for (const field of readRefusal(answer(value)).fields) expect(field).toMatch(/^[A-Za-z][A-Za-z0-9]{0,40}$/);
      }),
    );
  });

  it('stays quick for a text made to be slow', () => {
    const started = performance.now();
    readRefusal(answer({ error: 'integration external '.repeat(50_000) }));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
