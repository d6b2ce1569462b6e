import { expect, describe, it } from 'vitest';
import { barriers, hasChromium, openPage, picture } from '../support/browser.js';
import { showConsole } from '../../packages/demo/src/show-console.js';

/** `npm run demo -- --console`, until the test has ended. */
const openDemo = () => {
  const stop = new AbortController();
  let said = '';
  let ended: Promise<number> | undefined;
  const address = new Promise<string>((resolve, reject) => {
    ended = showConsole({
      // As the demo's, and smaller: twenty of them are held all the same.
      simulator: { company: { people: 120 } },
      signal: stop.signal,
      progress: false,
      colour: false,
      write: (text) => (said += text),
      writeError: (text) => (said += text),
      onReady: resolve,
    });
    ended.then((code) => reject(new Error(`The demo ended with ${code}: ${said}`)), reject);
  });
  return {
    address,
    close: async () => {
      stop.abort();
      await ended;
    },
  };
};

/** docs/tutorial/in-the-browser.md, heading by heading. */
describe.skipIf(!hasChromium)('the tutorial in the browser (needs chromium)', () => {
  it('takes its steps from a clone to a decision, an explanation and a proof', { timeout: 240_000 }, async () => {
    const demo = openDemo();
    try {
      const address = await demo.address;
      const { page, wrong } = await openPage();
      page.setDefaultTimeout(60_000);

      // See how the company stands
      await page.goto(address);
      await page.getByText('20 people are held').waitFor();
      await picture(page, 'tutorial-overview');

      // Decide about the twenty
      await page.getByRole('link', { name: /^Holds/ }).click();
      await page.getByRole('checkbox').nth(1).check();
      await page.getByRole('button', { name: 'Approve 1' }).click();
      await page.getByLabel(/Why\?/).fill('They left the company.');
      await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
      await page.getByText('1 person was decided.').waitFor();
      await picture(page, 'tutorial-holds');
      await page.getByRole('link', { name: 'Overview' }).click();
      await page.getByRole('button', { name: 'Sync users' }).click();
      await page.getByText('1 change was delivered to Learn Amp').waitFor();
      await page.getByText('19 people are held').waitFor();

      // Find out what happened to somebody
      await page.getByRole('link', { name: 'People', exact: true }).click();
      await page.getByLabel('Status').selectOption('left');
      await page.getByText('1 person found').waitFor();
      await page.getByRole('table').getByRole('link').first().click();
      await page.getByRole('heading', { name: 'What happened' }).waitFor();
      await page.getByText('User left group').first().waitFor();
      await page.getByRole('slider').press('Home');
      await page.getByText('today’s preferences').waitFor();
      await picture(page, 'tutorial-person');

      // Try other preferences before saving them
      await page.getByRole('link', { name: 'Preferences', exact: true }).first().click();
      await page.getByText('Assign override manager using Manager/Direct Reports in AzureAD').waitFor();
      await page.getByLabel('Job title').fill('department');
      await page.getByRole('button', { name: 'What would happen' }).click();
      await page.getByText(/Saving this would send something for \d+ people/).waitFor();

      // Look at the proof
      await page.getByRole('link', { name: 'Log', exact: true }).click();
      await page.getByRole('button', { name: 'Verify' }).click();
      await page.getByText('Everything holds').waitFor();
      await page.getByText('Every command that was sent is derived again, and the same').waitFor();
      expect(await barriers(page)).toEqual([]);
      await picture(page, 'tutorial-log');
      expect(wrong).toEqual([]);
    } finally {
      await demo.close();
    }
  });
});
