import { describe, expect, it } from 'vitest';
import { barriers, hasChromium, openPage, picture, serveConsole } from '../support/browser.js';
import { consoleOf } from '../support/console.js';
import { hostileNames } from '../support/hostile-names.js';
import { calm, openStage } from '../support/stage.js';

/** By default a few of the names, of every kind. */
const openCompany = async (names: ReadonlyArray<string> = hostileNames.filter((_, n) => n % 12 === 0)) => {
  const stage = await openStage({ graph: calm, learnAmp: {} });
  const ben = stage.hire('Ben Ode', { department: 'Sales' });
  const ann = stage.hire('Ann Lee', { jobTitle: 'Engineer', department: 'Sales' });
  stage.directory.setManager(ann, ben);
  const named = names.map((displayName, n) =>
    stage.hire(`Hostile Number${n}`, {
      displayName,
      department: `${displayName.slice(0, 40)} ${n}`,
      jobTitle: displayName.slice(0, 100),
    }),
  );
  const crew = stage.crew(24);
  await stage.sync();
  stage.directory.updateUser(ann, { jobTitle: 'Captain' });
  for (const id of crew.slice(0, 8)) stage.leave(id);
  await stage.sync();
  return { stage, ann, named, crew };
};

const pages = [
  ['overview', ''],
  ['people', '/people'],
  ['holds', '/holds'],
  ['attention', '/attention'],
  ['log', '/log'],
  ['preferences', '/preferences'],
  ['set-up', '/set-up'],
] as const;

// A browser beside everything else on two cores takes its time.
describe.skipIf(!hasChromium)('the console in a browser (needs chromium)', { timeout: 180_000 }, () => {
  it.each(['light', 'dark'] as const)('is without barriers on every page, in %s', async (colorScheme) => {
    const { stage, ann } = await openCompany();
    const origin = await serveConsole(consoleOf(stage, { basePath: '/admin/sync' }));
    const { page, wrong } = await openPage({ colorScheme });
    for (const [name, path] of [...pages, ['person', `/people/${ann}`] as const]) {
      await page.goto(`${origin}/admin/sync/companies/fabrikam${path}`);
      await page.locator('h1').waitFor();
      await page.locator('.waiting').waitFor({ state: 'detached' });
      await picture(page, `${colorScheme}-${name}`);
      expect([name, await barriers(page)]).toEqual([name, []]);
    }
    expect(wrong).toEqual([]);
  });

  it('on a telephone has no page that is wider than the screen', async () => {
    const { stage, ann } = await openCompany();
    const origin = await serveConsole(consoleOf(stage));
    const { page } = await openPage({ viewport: { width: 375, height: 700 } });
    for (const [name, path] of [...pages, ['person', `/people/${ann}`] as const]) {
      await page.goto(`${origin}/companies/fabrikam${path}`);
      await page.locator('h1').waitFor();
      await picture(page, `telephone-${name}`);
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect([name, width]).toEqual([name, 375]);
    }
  });

  it('shows hostile names as what they are, on every page', async () => {
    const { stage, named } = await openCompany(hostileNames);
    const origin = await serveConsole(consoleOf(stage));
    const { page, wrong } = await openPage();
    for (const path of [
      '/people',
      '/log',
      '/holds',
      '',
      ...named.filter((_, n) => n % 18 === 0).map((id) => `/people/${id}`),
    ]) {
      await page.goto(`${origin}/companies/fabrikam${path}`);
      await page.locator('h1').waitFor();
      await page.locator('.waiting').waitFor({ state: 'detached' });
      const text = await page.locator('body').innerText();
      expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u0000\u0007\u001b]/);
      expect(await page.locator('main img, main iframe, main script').count()).toBe(0);
    }
    await page.goto(`${origin}/companies/fabrikam/people/${named[0] ?? ''}`);
    expect(await page.locator('h1').innerText()).toBe(hostileNames[0]);
    expect(wrong).toEqual([]);
  }, 120_000);

  it('finds a person by the keyboard alone, and tells where one is', async () => {
    const { stage } = await openCompany();
    const origin = await serveConsole(consoleOf(stage));
    const { page } = await openPage();
    await page.goto(`${origin}/companies/fabrikam/people`);
    await page.locator('h1').waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
    await page.keyboard.press('Tab');
    await page.keyboard.type('ann.lee@');
    await page.getByRole('link', { name: 'Ann Lee' }).waitFor();
    await page.getByText('1 person found').waitFor();
    await page.getByRole('link', { name: 'Ann Lee' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Ann Lee' }).waitFor();
    expect(await page.title()).toBe('Ann Lee · Directory Sync');
  });

  it('lets an admin approve a held person, sync, and see the account deactivated', async () => {
    const { stage, crew } = await openCompany();
    const origin = await serveConsole(consoleOf(stage, { localName: 'Eve' }));
    const { page, wrong } = await openPage();
    await page.goto(`${origin}/companies/fabrikam/holds`);
    await page.getByRole('checkbox').nth(1).check();
    await page.getByRole('button', { name: 'Approve 1' }).click();
    await page.getByLabel(/Why\?/).fill('left the company');
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await page.getByText('1 person was decided.').waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('button', { name: 'Sync users' }).click();
    await page.getByText('1 change was delivered to Learn Amp').waitFor();
    const gone = crew.filter((id) => stage.account(id).status === 'deactivated');
    expect(gone).toHaveLength(1);
    expect(wrong).toEqual([]);
  });

  it('shows what other preferences would send, before anything is saved', async () => {
    const { stage } = await openCompany();
    const origin = await serveConsole(consoleOf(stage));
    const { page } = await openPage();
    stage.newWrites();
    await page.goto(`${origin}/companies/fabrikam/preferences`);
    await page.getByLabel('Job title').fill('department');
    await page.getByRole('button', { name: 'What would happen' }).click();
    await page.getByText(/Saving this would send something for \d+ people/).waitFor();
    await picture(page, 'light-what-if');
    expect(stage.newWrites()).toEqual([]);
  });

  it('offers a viewer nothing to change', async () => {
    const { stage, ann } = await openCompany();
    const viewer = { authorise: () => Promise.resolve({ name: 'Vic', role: 'viewer' as const }) };
    const origin = await serveConsole(consoleOf(stage, viewer));
    const { page } = await openPage();
    for (const path of [...pages.map(([, each]) => each), `/people/${ann}`]) {
      await page.goto(`${origin}/companies/fabrikam${path}`);
      await page.locator('h1').waitFor();
      const buttons = await page.getByRole('button').allInnerTexts();
      expect([path, buttons.filter((name) => !/^(Previous|Next|Newer|Older|Find)$/.test(name))]).toEqual([path, []]);
    }
  });
});
