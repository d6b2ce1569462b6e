import { expect, it } from 'vitest';
import { connectionTo, during, hire, openCompany, openRunning } from '../support/running-engine.js';
import { makeVirtualTime } from '../support/virtual-time.js';

const HOUR = 3_600_000;
const SMALL = 20;
const HUGE = 600;
const AT_ONCE = 3;
/** Requests of the huge company after which it is sure to deliver. */
const DEEP_IN = 200;

it('a huge sync lets every small company in: at most one of its requests goes before each of theirs', async () => {
  const time = makeVirtualTime();
  const companies = await Promise.all(Array.from({ length: SMALL + 1 }, (_, at) => openCompany(time, at + 1)));
  const [huge, ...small] = companies;
  if (huge === undefined) throw new Error('There is no company.');
  const sent: string[] = [];
  let letIn = (): void => undefined;
  let underWay = 0;
  let most = 0;
  const hostOf = (url: string): string => new URL(url).origin;
  const owners = new Map(
    companies.flatMap((company, at) =>
      [company.graphUrl, company.learnAmpUrl].map((url) => [hostOf(url), `company-${at}`] as const),
    ),
  );
  const watched = {
    ...time,
    counting: (fetch: typeof globalThis.fetch) =>
      time.counting(async (input, init) => {
        underWay += 1;
        most = Math.max(most, underWay);
        sent.push(owners.get(hostOf(input instanceof Request ? input.url : String(input))) ?? '');
        if (sent.length === DEEP_IN) letIn();
        try {
          // A real network answers later than at once.
          await new Promise(setImmediate);
          return await fetch(input, init);
        } finally {
          underWay -= 1;
        }
      }),
  };
  const { engine, cycles } = await openRunning(companies, { time: watched, requestsAtOnce: AT_ONCE });
  const wishes = { creationHold: { enabled: false } };
  for (const [at, company] of companies.entries())
    await engine.add(connectionTo(company, { connectionId: `company-${at}`, wishes }));
  engine.start();
  await time.until(() => cycles.length > SMALL, HOUR);
  for (let at = 0; at < HUGE; at += 1) hire(huge, `Person Number${at}`);
  for (const company of small) for (const name of ['Ann Lee', 'Ben Day', 'Cleo Fox']) hire(company, name);
  sent.length = 0;
  const ended: string[] = [];
  const sync = async (at: number): Promise<void> => {
    const report = await engine.connection(`company-${at}`)?.sync();
    ended.push(report?.ok === true ? `company-${at}` : `company-${at} failed`);
  };
  // The small ones come when the huge one is delivering, with as many requests at once as it may have.
  const smallOnes = new Promise<void>((resolve, reject) => {
    letIn = () => void Promise.all(small.map((_, at) => sync(at + 1))).then(() => resolve(), reject);
  });
  await during(time, Promise.all([sync(0), smallOnes]));

  expect(ended.at(-1)).toBe('company-0');
  expect(huge.learnAmp.accounts().length).toBeGreaterThan(HUGE);
  expect(ended.filter((name) => name.endsWith('failed'))).toEqual([]);
  expect(most).toBeLessThanOrEqual(AT_ONCE);
  const total = sent.filter((owner) => owner === 'company-0').length;
  for (let at = 1; at <= SMALL; at += 1) {
    const name = `company-${at}`;
    const [first, last] = [sent.indexOf(name), sent.lastIndexOf(name)];
    const own = sent.filter((owner) => owner === name).length;
    const ofHuge = sent.slice(first, last).filter((owner) => owner === 'company-0').length;
    expect([name, ofHuge <= own + AT_ONCE]).toEqual([name, true]);
    expect(ofHuge).toBeLessThan(total / 4);
  }
}, 300_000);
