import { describe, expect, it } from 'vitest';
import { barriers, hasChromium, openPage, picture, serveConsole } from '../support/browser.js';
import { consoleOf } from '../support/console.js';
import { calm, openStage } from '../support/stage.js';

const openCompany = async () => {
  const stage = await openStage({ graph: calm });
  const berlin = stage.directory.addGroup({ displayName: 'Berlin' });
  const sales = stage.directory.addGroup({ displayName: '=Sales"><b>\u202e' });
  stage.directory.nestGroup(stage.directory.scopeGroupId, berlin);
  stage.directory.nestGroup(berlin, sales);
  const ann = stage.hire('Ann Lee', { jobTitle: 'Engineer' }, sales);
  stage.crew(12);
  await stage.sync();
  const origin = await serveConsole(consoleOf(stage));
  return { stage, ann, sales, company: `${origin}/companies/fabrikam` };
};

describe.skipIf(!hasChromium)('the log in a browser (needs chromium)', { timeout: 180_000 }, () => {
  it.each(['light', 'dark'] as const)('is filtered in words and grows by itself, in %s', async (colorScheme) => {
    const { stage, ann, company } = await openCompany();
    const { page, wrong } = await openPage({ colorScheme });
    let reads = 0;
    page.on('request', (request) => (reads += /\/events\?/.test(request.url()) ? 1 : 0));
    await page.goto(`${company}/log`);
    await page.getByText('Live: new events appear by themselves.').waitFor();
    await page.getByLabel('About whom').fill('ann lee');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('button', { name: 'Ann Lee' }).click();
    await page.getByText('About Ann Lee').waitFor();
    await page.getByLabel('What happened').selectOption({ label: 'Changes of people in Entra: all' });
    await page.getByText('There are no such events.').waitFor();
    await page.getByText('Live: new events appear by themselves.').waitFor();
    const before = reads;
    stage.directory.updateUser(ann, { jobTitle: 'Captain' });
    await stage.sync();
    await page.getByRole('rowheader', { name: 'Job title changed' }).waitFor();
    await page.getByText('1 event since the page was opened.').waitFor();
    expect(reads).toBe(before);
    await picture(page, `${colorScheme}-log-live`);
    expect(await barriers(page)).toEqual([]);

    await page.getByLabel('Until').fill('2001-01-01T00:00');
    await page.getByText('There are no such events.').waitFor();
    expect(await page.getByText('Live: new events').count()).toBe(0);
    await page.getByLabel('Until').fill('');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export these events' }).click();
    expect((await download).suggestedFilename()).toBe('fabrikam-events.ndjson');
    expect(wrong).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'a person is in the group by what the groups are called, in %s',
    async (colorScheme) => {
      const { ann, sales, company } = await openCompany();
      const { page, wrong } = await openPage({ colorScheme });
      await page.goto(`${company}/people/${ann}`);
      const who = page.getByRole('region', { name: 'Who' });
      await who.getByText('Learn Amp users > Berlin > =Sales"><b>\\u202e', { exact: true }).waitFor();
      await who.getByText('Ids of these groups').click();
      await who.getByText(sales, { exact: true }).waitFor();
      const past = page.getByRole('region', { name: 'At a past moment' });
      await past.getByText('Learn Amp users > Berlin > =Sales"><b>\\u202e', { exact: true }).waitFor();
      await past.getByRole('slider').focus();
      await page.keyboard.press('Home');
      await past.getByText('Nothing was known by then.').waitFor();
      for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('ArrowRight');
      await past.getByText('Learn Amp users > Berlin > =Sales"><b>\\u202e', { exact: true }).waitFor();
      await picture(page, `${colorScheme}-group-path`);
      expect(await barriers(page)).toEqual([]);
      expect(wrong).toEqual([]);
    },
  );
});
