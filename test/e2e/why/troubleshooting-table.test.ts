import type { WhyAnswer } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { askWhy, waitsIn } from '../../support/ask-why.js';
import { calm, openStage, type Stage, type StageOptions } from '../../support/stage.js';

const open = (options: StageOptions = {}) => openStage({ graph: calm, storage: 'memory', ...options });

const answer = async (stage: Stage, userId: string, topic: WhyAnswer['topic']): Promise<string | undefined> =>
  (await askWhy(stage, userId)).answers.find((each) => each.topic === topic)?.says;

describe('the product’s troubleshooting table, row by row', () => {
  it('a user does not appear: not a member, or a member since the last sync', async () => {
    const stage = await open();
    stage.crew(2);
    await stage.sync();
    const ann = stage.directory.addUser({ displayName: 'Ann Lee', userPrincipalName: 'ann@fabrikam.example' });
    expect((await askWhy(stage, ann)).conclusion).toContain('not a member of the group');
    stage.directory.addMember(stage.directory.scopeGroupId, ann);
    expect((await askWhy(stage, ann, { live: true })).live?.comparison).toContain('the next sync brings it');
  });

  it('a user does not update: when the directory was read last, what is off, and that a block has no effect', async () => {
    const stage = await open({ preferences: { attributes: { jobTitle: null } } });
    const ann = stage.hire('Ann Lee', { jobTitle: 'Writer' });
    stage.directory.setAccountEnabled(ann, false);
    await stage.sync();
    const says = await answer(stage, ann, 'details');
    expect(says).toMatch(/last read to its end at \d{4}-/);
    expect(says).toContain('blocked in Entra, which has no effect');
    expect(says).toContain('switched off in the preferences: jobTitle');
  });

  it('a user does not update: a language that Learn Amp does not offer is left alone', async () => {
    const stage = await open();
    const ann = stage.hire('Ann Lee', { preferredLanguage: 'tlh' });
    await stage.sync();
    expect(await answer(stage, ann, 'details')).toContain('the language is not offered by Learn Amp and left alone');
  });

  it('a manager does not sync: the preference, the directory, or an account that is missing', async () => {
    const off = await open({ preferences: { assignOverrideManagers: false } });
    const ann = off.hire('Ann Lee');
    await off.sync();
    expect(await answer(off, ann, 'manager')).toBe('assignOverrideManagers is off: managers are left alone');

    const stage = await open();
    const ben = stage.hire('Ben Day');
    const boss = stage.directory.addUser({ displayName: 'Bea', userPrincipalName: 'bea@fabrikam.example' });
    await stage.sync();
    expect(await answer(stage, ben, 'manager')).toContain('the directory names no manager');
    stage.directory.setManager(ben, boss);
    await stage.sync();
    expect(await answer(stage, ben, 'manager')).toContain(`the directory names ${boss}; no override`);
    expect(waitsIn(await askWhy(stage, ben))).toEqual([
      `deferred: the override manager waits until the manager ${boss} is a member of the group and has an account`,
    ]);
  });

  it('teams have no hierarchy: they are flat, and a person without a department keeps the present one', async () => {
    const stage = await open();
    const ann = stage.hire('Ann Lee', { department: 'Sales' });
    const ben = stage.hire('Ben Day');
    await stage.sync();
    expect(await answer(stage, ann, 'team')).toMatch(/follows the department: Sales; teams are flat/);
    expect(await answer(stage, ben, 'team')).toMatch(/^no department: the present primary team stays/);
  });

  it('custom fields stay empty: none is mapped, or Learn Amp has no field of that name', async () => {
    const stage = await open();
    const ann = stage.hire('Ann Lee', { employeeId: 'E-17' });
    await stage.sync();
    expect(await answer(stage, ann, 'custom-fields')).toBe(
      'no custom field is written: the preference customFields is empty',
    );
    await stage.reopen({ preferences: { customFields: { employeeId: 'Badge' } } });
    await stage.sync();
    expect(await answer(stage, ann, 'custom-fields')).toBe(
      'Badge from employeeId; refused: unknown_custom_field Badge',
    );
  });

  it('custom fields that are written show the value that Learn Amp holds', async () => {
    const stage = await open({
      preferences: { customFields: { employeeId: 'Badge' } },
      learnAmp: { customFields: [{ name: 'Badge' }] },
    });
    const ann = stage.hire('Ann Lee', { employeeId: 'E-17' });
    await stage.sync();
    expect(await answer(stage, ann, 'custom-fields')).toBe('Badge from employeeId (E-17)');
  });

  it('photos do not show: switched off, not possible over this API, none there, or sent', async () => {
    const off = await open({ preferences: { syncPhotos: false } });
    const ann = off.hire('Ann Lee');
    await off.sync();
    expect(await answer(off, ann, 'photo')).toBe('syncPhotos is off: photos are left alone');

    const rest = await open();
    const ben = rest.hire('Ben Day');
    await rest.sync();
    expect(await answer(rest, ben, 'photo')).toMatch(/cannot be given avatars over this API/);

    const stage = await open({ avatars: (store) => store });
    const cleo = stage.hire('Cleo Day');
    await stage.sync();
    expect(await answer(stage, cleo, 'photo')).toMatch(/^no photo was seen yet/);
    stage.directory.setPhoto(cleo);
    await stage.sync();
    expect(await answer(stage, cleo, 'photo')).toBe('the photo was sent');
  });
});
