import type { SimulatedResponse } from '@learnamp/directory-sync-simulator';
import { describe, expect, it } from 'vitest';
import { attentionOf, facts, none, succeeded } from '../support/report.js';
import { calm, openStage, type Stage } from '../support/stage.js';

/** Graph answers with this in the place of a value of these people, in every page and profile. */
const answerWith = ({ simulator }: Stage, property: string, value: unknown, userIds?: ReadonlyArray<string>) => {
  const inEntry = (entry: unknown): unknown => {
    if (typeof entry !== 'object' || entry === null || !('id' in entry) || !(property in entry)) return entry;
    return userIds?.includes(String(entry.id)) === false ? entry : { ...entry, [property]: value };
  };
  return simulator.faults.add({
    system: 'graph',
    path: /\/users\/[^/]*$/,
    action: {
      rewrite: (response: SimulatedResponse) => {
        const body = response.body as { readonly value?: ReadonlyArray<unknown> };
        return {
          ...response,
          body: Array.isArray(body.value) ? { ...body, value: body.value.map(inEntry) } : inEntry(body),
        };
      },
    },
  });
};

const preferences = { customFields: { employeeId: 'Staff number' } };

describe('a property that Graph answers with what is no text', () => {
  it('is named and left out, and everything else of everybody goes on', async () => {
    const stage = await openStage({
      graph: calm,
      learnAmp: { customFields: [{ name: 'Staff number' }] },
      preferences,
    });
    const [ann = ''] = stage.crew(4, { jobTitle: 'Engineer', employeeId: '17' });
    await stage.sync();
    expect(stage.account(ann).customFields).toMatchObject({ 'Staff number': '17' });
    const complex = answerWith(stage, 'employeeId', { division: 'North' });
    stage.directory.updateUser(ann, { jobTitle: 'Architect', employeeId: '18' });
    const report = await stage.sync();
    expect(complex.hits()).toBeGreaterThan(0);
    expect(report).toMatchObject({ ok: true, people: { inScope: 4, linked: 4 } });
    expect(report.notes).toContainEqual({ userId: null, kind: 'attribute-left-out', reason: 'employeeId' });
    expect(facts(report)).toMatchObject({ JobTitleChanged: 1 });
    expect(facts(report)).not.toHaveProperty('CustomAttributeChanged');
    expect(stage.account(ann)).toMatchObject({ jobTitle: 'Architect', customFields: { 'Staff number': '17' } });
    expect(await stage.sync({ full: true })).toMatchObject({ ok: true, commands: none });
    expect((await stage.sync()).events).toEqual({});
    complex.remove();
    // A full cycle tries everything again.
    expect(succeeded(await stage.sync({ full: true }))).toEqual({ SetCustomFields: 1 });
    expect(stage.account(ann).customFields).toMatchObject({ 'Staff number': '18' });
  });

  it('is left out of the first sync as well', async () => {
    const stage = await openStage({ graph: calm, learnAmp: { customFields: [{ name: 'Staff number' }] }, preferences });
    answerWith(stage, 'employeeId', { division: 'North' });
    stage.crew(4, { employeeId: '17' });
    expect(await stage.sync()).toMatchObject({ ok: true, people: { inScope: 4, linked: 4 } });
  });
});

describe('one person whose entry does not decode', () => {
  it('stays as they are and is reported; the others go on, and nobody is taken for gone', async () => {
    const stage = await openStage({ graph: calm });
    const [ann = '', bea = ''] = stage.crew(5, { jobTitle: 'Engineer' });
    await stage.sync();
    const bad = answerWith(stage, 'jobTitle', { value: 'Architect' }, [ann]);
    for (const userId of [ann, bea]) stage.directory.updateUser(userId, { jobTitle: 'Architect' });
    const report = await stage.sync();
    expect(bad.hits()).toBeGreaterThan(0);
    expect(report).toMatchObject({ ok: true, people: { inScope: 5, linked: 5 } });
    expect(attentionOf(report, ann)).toHaveLength(1);
    expect(succeeded(report)).toEqual({ UpdateProfile: 1 });
    expect(stage.account(bea).jobTitle).toBe('Architect');
    const full = await stage.sync({ full: true });
    expect(full).toMatchObject({ ok: true, commands: none, people: { inScope: 5 } });
    expect(attentionOf(full, ann)).toHaveLength(1);
    bad.remove();
    expect(succeeded(await stage.sync({ full: true }))).toEqual({ UpdateProfile: 1 });
    expect(stage.account(ann).jobTitle).toBe('Architect');
    expect(stage.learnAmp.deactivations()).toEqual([]);
  });
});
