import type { FaultAction, Simulator } from '@learnamp/directory-sync-simulator';
import { describe, expect, it } from 'vitest';
import { inWords, openInvariants } from '../../invariants/look-at-world.js';
import { connectionTo, during, eventsOf, hire, openCompany, openRunning } from '../../support/running-engine.js';
import { learnAmpSettingsOf } from '../../support/simulator-settings.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

const HOUR = 3_600_000;
/** A cycle that waits for Learn Amp longer than this ends, so that the next one reads what changed meanwhile. */
const PATIENCE_MS = 60_000;
const patient = (company: Simulator) =>
  connectionTo(company, { learnAmp: learnAmpSettingsOf(company, 'integrationExternalId', PATIENCE_MS) });

const troubles: ReadonlyArray<{ readonly name: string; readonly action: FaultAction }> = [
  { name: '429 without a number', action: { status: 429 } },
  { name: '503 for maintenance', action: { status: 503, headers: { 'retry-after': '600' } } },
  { name: '500', action: { status: 500 } },
  { name: 'no connection', action: 'reset' },
];

describe.each(troubles)('Learn Amp answers $name for three hours', ({ action }) => {
  it('and then gets the newest state once, with few events and few calls meanwhile', async () => {
    const time = makeVirtualTime();
    const company = await openCompany(time);
    const people = Array.from({ length: 5 }, (_, n) => hire(company, `Crew Member${n}`));
    const running = await openRunning([company], { time });
    const sync = await during(time, running.engine.add(patient(company)));
    running.engine.start();
    await time.until(() => company.learnAmp.accounts().length === 7, HOUR);
    await time.pass(HOUR / 2);

    const look = openInvariants(company, { now: time.now });
    expect(inWords(await look({ engine: sync, log: running.stores.log }))).toBe('');
    const { length } = await eventsOf(sync);
    const asked = company.requests.count({ system: 'learnAmp' });
    const written = company.learnAmp.writes().length;
    const down = company.faults.add({ system: 'learnAmp', action });
    const [ann = ''] = people;
    for (let change = 1; change <= 60; change += 1) {
      company.directory.updateUser(ann, { jobTitle: `Title ${change}` });
      await time.pass((3 * HOUR) / 60);
    }
    expect(down.hits()).toBeGreaterThan(0);
    // Ingestion goes on; what it adds is what Graph told, a dispatch, and the end of a cycle that could not deliver.
    const meanwhile = (await eventsOf(sync)).slice(length);
    const changes = meanwhile.filter(({ type }) => type === 'JobTitleChanged').length;
    expect(changes).toBeGreaterThan(5);
    expect(meanwhile.filter(({ type }) => type === 'CommandsDispatched').length).toBeLessThanOrEqual(changes);
    expect(meanwhile.length).toBeLessThan(changes * 6 + 20);
    // A poll every five minutes, and a handful of tries in each.
    expect(company.requests.count({ system: 'learnAmp' }) - asked).toBeLessThan(36 * 8);
    expect(company.learnAmp.writes().length).toBe(written);

    down.remove();
    await time.pass(2 * HOUR);
    const sent = company.learnAmp.writes().slice(written);
    expect(sent.map(({ body }) => body['jobTitle'])).toEqual(['Title 60']);
    const { length: settled } = await eventsOf(sync);
    await time.pass(2 * HOUR);
    expect((await eventsOf(sync)).length).toBeLessThanOrEqual(settled + 1);
    expect(inWords(await look({ engine: sync, log: running.stores.log }))).toBe('');
  });
});
