import { makeConsole, type Visitor } from '@learnamp/directory-sync-console';
import type { Locator, Page } from 'playwright-core';
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

/** By the Tab key alone, as far as it takes. */
const tabTo = async (page: Page, wanted: Locator): Promise<void> => {
  await wanted.waitFor();
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await wanted.and(page.locator(':focus')).count()) > 0) return;
  }
  throw new Error('It cannot be reached by the Tab key.');
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

  it('is done by the keyboard alone, from the first field to the first sync', async () => {
    const { simulator, saved, origin } = await openHost();
    const { page, wrong } = await openPage();
    const key = (name: string) => page.keyboard.press(name);
    await page.goto(`${origin}/companies/fabrikam/set-up`);
    await page.getByRole('heading', { name: 'Set up', exact: true }).waitFor();
    await tabTo(page, page.getByLabel('Tenant ID'));
    await page.keyboard.type(simulator.tenantId);
    await tabTo(page, page.getByLabel('Object ID of the group'));
    await page.keyboard.type(simulator.scopeGroupId);
    await tabTo(page, page.getByRole('button', { name: 'Check the group' }));
    await key('Enter');
    await page.getByText(/people in the group and the groups within it/).waitFor();

    await tabTo(page, page.getByRole('button', { name: 'Begin the consent' }));
    await key('Space');
    const consent = page.getByRole('link', { name: 'Open Microsoft’s page as an administrator' });
    await consent.waitFor();
    await tabTo(page, consent);
    await key('Enter');
    await page.getByText('The app may read people and groups.').waitFor();
    await tabTo(page, page.getByRole('link', { name: 'Go on with the set-up' }));
    await key('Enter');
    await page.getByRole('heading', { name: 'Set up', exact: true }).waitFor();
    await tabTo(page, page.getByLabel('Tenant ID'));
    await page.keyboard.type(simulator.tenantId);
    await tabTo(page, page.getByLabel('Object ID of the group'));
    await page.keyboard.type(simulator.scopeGroupId);
    await tabTo(page, page.getByLabel('Assign override manager using Manager/Direct Reports in AzureAD'));
    await key('Space');
    await tabTo(page, page.getByLabel('A field that is emptied in Entra'));
    await key('ArrowDown');
    await tabTo(page, page.getByRole('button', { name: 'Save' }));
    await key('Enter');
    await page.getByText('Saved. The next sync follows it.').waitFor();
    expect(saved().preferences).toMatchObject({ assignOverrideManagers: false, blanks: 'keep' });

    await tabTo(page, page.getByRole('button', { name: 'Preview' }));
    await key('Space');
    await page.getByText(/A sync would send \d+ commands/).waitFor();
    await tabTo(page, page.getByText('Each of them, in words'));
    await key('Enter');
    await page.getByRole('region', { name: 'commands' }).waitFor();
    expect(simulator.learnAmp.writes()).toEqual([]);
    await tabTo(page, page.getByRole('button', { name: 'Start the first sync' }));
    await key('Enter');
    await page.getByText(/changes were delivered to Learn Amp/).waitFor();
    expect(simulator.learnAmp.writes().length).toBeGreaterThan(0);
    expect(wrong.filter((each) => !each.includes('localhost'))).toEqual([]);
  });

  it('shows a hostile name of the group as what it is, and no wider than the page', async () => {
    const { simulator, origin } = await openHost();
    const hostile = `"><img src=x onerror=alert(1)><script>document.title="taken"</script>\u202eevil ${'W'.repeat(10_240)}`;
    simulator.directory.updateGroup(simulator.scopeGroupId, { displayName: hostile });
    const [member] = simulator.directory.reachableUsers();
    const { page, wrong } = await openPage({ viewport: { width: 375, height: 700 } });
    const isHarmless = async (name: string): Promise<void> => {
      await page.locator('.waiting').waitFor({ state: 'detached' });
      const text = await page.locator('body').innerText();
      expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
      expect(text.length).toBeLessThan(8_000);
      expect(await page.locator('main img, main script').count()).toBe(0);
      expect([name, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([name, 375]);
      expect(await page.title()).not.toBe('taken');
      await picture(page, `telephone-hostile-group-${name}`);
    };
    await page.goto(`${origin}/companies/fabrikam/set-up`);
    await page.getByLabel('Tenant ID').fill(simulator.tenantId);
    await page.getByLabel('Object ID of the group').fill(simulator.scopeGroupId);
    await page.getByRole('button', { name: 'Check the group' }).click();
    await page.getByText(/people in the group and the groups within it/).waitFor();
    await page
      .getByText(/"><img src=x onerror=alert\(1\)>/)
      .first()
      .waitFor();
    await isHarmless('set-up');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Start the first sync' }).click();
    await page.getByText(/changes were delivered to Learn Amp/).waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('button', { name: 'Sync users' }).waitFor();
    await isHarmless('overview');
    await page.goto(`${origin}/companies/fabrikam/people/${member ?? ''}`);
    await page
      .getByText(/"><img src=x onerror=alert\(1\)>/)
      .first()
      .waitFor();
    await isHarmless('person');
    expect(wrong.filter((each) => !each.includes('localhost'))).toEqual([]);
  });
});
