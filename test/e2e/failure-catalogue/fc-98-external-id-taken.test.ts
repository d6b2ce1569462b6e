import { describe, expect, it } from 'vitest';
import { attentionOf, succeeded } from '../../support/report.js';
import { calm, openStage, type StageOptions } from '../../support/stage.js';

/** An HR integration has written its own numbers into the slot of three people who are imported already. */
const openWithHr = async (options: StageOptions = {}) => {
  const stage = await openStage({ graph: calm, ...options });
  const crew = stage.crew(4, { jobTitle: 'Engineer' });
  const imported = crew.slice(0, 3).map((userId, n) => {
    const { userPrincipalName, givenName, surname } = stage.directory.user(userId).properties;
    return stage.learnAmp.addAccount({
      email: userPrincipalName ?? '',
      firstName: givenName ?? '',
      lastName: surname ?? '',
      integrationExternalId: `HR-${String(n)}`,
    });
  });
  return { stage, crew, imported };
};

describe('FC-98 the slot for the external id is taken', () => {
  it('the number of the other integration stays; the link is kept here, and holds over a rename', async () => {
    const { stage, crew, imported } = await openWithHr();
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, people: { inScope: 4, linked: 4 } });
    expect(succeeded(report)).toMatchObject({ CreateUser: 1, LinkUser: 3 });
    for (const [n, { id }] of imported.entries())
      expect(stage.learnAmp.account(id)).toMatchObject({
        integrationExternalId: `HR-${String(n)}`,
        jobTitle: 'Engineer',
      });
    const [ann = ''] = crew;
    stage.directory.updateUser(ann, { userPrincipalName: 'renamed@fabrikam.example' });
    expect(succeeded(await stage.sync())).toEqual({ ChangeEmail: 1 });
    stage.leave(ann);
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
    expect(stage.learnAmp.account(imported[0]?.id ?? 0)).toMatchObject({
      status: 'deactivated',
      integrationExternalId: 'HR-0',
    });
    expect(stage.learnAmp.accounts()).toHaveLength(6);
    await stage.checkInvariants();
  });

  it('a number that is written between our look and our link is not overwritten either', async () => {
    const { stage, crew, imported } = await openWithHr();
    const [first] = imported;
    const id = first?.id ?? 0;
    stage.learnAmp.updateAccount(id, { integrationExternalId: null });
    // The HR integration is faster by one request.
    const raced = stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'GET',
      path: new RegExp(`/v1/users/${String(id)}$`),
      times: 1,
      action: {
        rewrite: (response) => {
          stage.learnAmp.updateAccount(id, { integrationExternalId: 'HR-LATE' });
          return { ...response, body: { ...(response.body as object), integrationExternalId: 'HR-LATE' } };
        },
      },
    });
    const report = await stage.sync();
    expect(raced.hits()).toBe(1);
    expect(stage.learnAmp.account(id)?.integrationExternalId).toBe('HR-LATE');
    expect(attentionOf(report, crew[0] ?? '')).not.toEqual([]);
    expect((await stage.events('CommandRejected')).map(({ data }) => data)).toMatchObject([
      { code: 'duplicate_external_id', command: { kind: 'LinkUser' } },
    ]);
    for (let cycle = 0; cycle < 2; cycle += 1) await stage.sync({ full: true });
    expect(stage.learnAmp.account(id)?.integrationExternalId).toBe('HR-LATE');
    expect(stage.learnAmp.accounts()).toHaveLength(6);
    await stage.checkInvariants();
  });

  it.each([{ customField: 'Entra id' }, 'none'] as const)(
    'where the link is kept is a setting: %j',
    async (externalId) => {
      const { stage, crew, imported } = await openWithHr({
        preferences: { externalId },
        learnAmp: { customFields: [{ name: 'Entra id' }] },
      });
      expect(await stage.sync()).toMatchObject({ ok: true, exitCode: 0, people: { linked: 4 } });
      for (const [n, { id }] of imported.entries()) {
        const { integrationExternalId, customFields } = stage.learnAmp.account(id) ?? {};
        expect(integrationExternalId).toBe(`HR-${String(n)}`);
        expect(customFields?.['Entra id']).toBe(externalId === 'none' ? undefined : crew[n]);
      }
      expect(stage.learnAmp.accounts()).toHaveLength(6);
      await stage.checkInvariants();
    },
  );
});
