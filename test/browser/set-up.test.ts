import { makeConsole, type Visitor } from '@learnamp/directory-sync-console';
import { describe, expect, it } from 'vitest';
import { barriers, hasChromium, openPage, picture, serveConsole } from '../support/browser.js';
import { openHostToSetUp } from '../support/set-up-stage.js';

const openHost = async (visitor?: Visitor) => {
  const { simulator, host } = await openHostToSetUp();
  const { saved, change, ...options } = host;
  const authorise = visitor === undefined ? {} : { authorise: () => Promise.resolve(visitor) };
  const origin = await serveConsole(makeConsole({ ...options, ...authorise }));
  return { simulator, saved, change, origin };
};

describe.skipIf(!hasChromium)('setting a company up in a browser (needs chromium)', { timeout: 180_000 }, () => {
  it('goes from nothing to a synced company in the order of the quick start', async () => {
    const { simulator, saved, origin } = await openHost();
    simulator.directory.withdraw('groups');
    const { page, wrong } = await openPage();
    await page.goto(origin);
    await page.getByRole('heading', { name: 'Set up', exact: true }).waitFor();
    expect(await page.getByRole('navigation', { name: 'Fabrikam' }).getByRole('link').allInnerTexts()).toEqual([
      'Preferences',
      'Set up',
    ]);
    await page.getByLabel('Tenant ID').fill(simulator.tenantId);
    await page.getByLabel('Object ID of the group').fill(simulator.scopeGroupId);
    await page.getByRole('button', { name: 'Check the group' }).click();
    await page
      .getByText(/Missing: GroupMember\.Read\.All/)
      .first()
      .waitFor();

    await page.getByRole('button', { name: 'Begin the consent' }).click();
    await page.getByRole('link', { name: 'Open Microsoft’s page as an administrator' }).click();
    await page.getByText('The app may read people and groups.').waitFor();
    expect(page.url()).toMatch(/^http:\/\/localhost:\d+\/consent$/);
    await page.getByRole('link', { name: 'Go on with the set-up' }).click();

    await page.getByLabel('Tenant ID').fill(simulator.tenantId);
    await page.getByLabel('Object ID of the group').fill(simulator.scopeGroupId);
    await page.getByRole('button', { name: 'Check the group' }).click();
    await page.getByText(/people in the group and the groups within it/).waitFor();
    await page
      .getByText('There is no group within the group.')
      .or(page.getByText(/groups? within the group, on/))
      .waitFor();
    await picture(page, 'light-set-up-checked');
    expect(await barriers(page)).toEqual([]);

    await page.getByLabel('Assign override manager using Manager/Direct Reports in AzureAD').uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved. The next sync follows it.').waitFor();
    expect(saved()).toMatchObject({
      tenantId: simulator.tenantId,
      groupId: simulator.scopeGroupId,
      preferences: { assignOverrideManagers: false },
    });
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText(/A sync would send \d+ commands/).waitFor();
    expect(simulator.learnAmp.writes()).toEqual([]);
    await page.getByRole('button', { name: 'Start the first sync' }).click();
    await page.getByText(/changes were delivered to Learn Amp/).waitFor();
    await picture(page, 'light-set-up-done');
    expect(await barriers(page)).toEqual([]);
    expect(wrong.filter((each) => !each.includes('localhost'))).toEqual([]);
  });

  it('shows a viewer everything, and lets them change nothing', async () => {
    const { origin } = await openHost({ name: 'Vic', role: 'viewer' });
    const { page } = await openPage();
    await page.goto(`${origin}/companies/fabrikam/set-up`);
    await page.getByRole('heading', { name: 'Set up', exact: true }).waitFor();
    expect(await page.getByLabel('Tenant ID').isDisabled()).toBe(true);
    for (const button of await page.getByRole('button').all()) expect(await button.isDisabled()).toBe(true);
  });

  it('shows each field of the mapping by a sample person, as it would be', async () => {
    const { simulator, saved, change, origin } = await openHost();
    const [someone] = simulator.directory.users().filter(({ properties }) => properties.officeLocation !== null);
    const named = someone?.properties.displayName ?? '';
    const { page, wrong } = await openPage();
    await page.goto(`${origin}/companies/fabrikam/set-up`);
    await page.getByLabel('Tenant ID').fill(simulator.tenantId);
    await page.getByLabel('Object ID of the group').fill(simulator.scopeGroupId);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Start the first sync' }).click();
    await page.getByText(/changes were delivered to Learn Amp/).waitFor();

    await page.getByRole('link', { name: 'Preferences', exact: true }).first().click();
    await page.getByLabel('Show the mapping by somebody').fill(named);
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('button', { name: named }).click();
    const row = page.getByRole('row', { name: /^Job title/ });
    await row.getByText(`jobTitle: ${someone?.properties.jobTitle ?? ''}`).waitFor();
    await page.getByLabel('Job title').fill('officeLocation');
    await row.getByRole('cell', { name: someone?.properties.officeLocation ?? '', exact: true }).waitFor();
    await picture(page, 'light-mapping');
    expect(await barriers(page)).toEqual([]);

    await page.getByRole('button', { name: 'What would happen' }).click();
    await page.getByText(/Saving this would send something for \d+ people/).waitFor();
    expect(saved().preferences.attributes.jobTitle).toEqual(['jobTitle']);
    change({ preferences: { ...saved().preferences, syncPhotos: false } });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/Somebody else changed the settings meanwhile/).waitFor();
    expect(saved().preferences.attributes.jobTitle).toEqual(['jobTitle']);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved. The next sync follows it.').waitFor();
    expect(saved().preferences).toMatchObject({ syncPhotos: false, attributes: { jobTitle: ['officeLocation'] } });
    expect(wrong.filter((each) => !each.includes('409'))).toEqual([]);
  });
});
