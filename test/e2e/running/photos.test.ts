import { openLearnAmpRest, withAvatars } from '@learnamp/directory-sync';
import type { Simulator } from '@learnamp/directory-sync-simulator';
import { expect, it } from 'vitest';
import { avatarsOf } from '../../support/avatars.js';
import { photosAsked, picture, small } from '../../support/photos.js';
import { connectionTo, during, hire, openCompany, openRunning } from '../../support/running-engine.js';
import { learnAmpSettingsOf } from '../../support/simulator-settings.js';
import { makeVirtualTime, type VirtualTime } from '../../support/virtual-time.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const portOf = (company: Simulator, { now, sleep, counting }: VirtualTime) =>
  withAvatars(
    openLearnAmpRest(learnAmpSettingsOf(company, 'integrationExternalId', undefined), {
      fetch: counting(company.fetch),
      now,
      sleep,
    }),
    avatarsOf(company),
  );

it('photos are read in the daily full cycle and when somebody asks for a sync, not in polled cycles', async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const ann = hire(company, 'Ann Lee');
  const { engine, cycles } = await openRunning([company], { time });
  const connection = await engine.add(
    connectionTo(company, { learnAmp: portOf(company, time), schedule: { pollSeconds: 1_200 } }),
  );
  engine.start();
  await time.until(() => cycles.length === 1, MINUTE);
  const avatar = (): string | undefined => {
    const found = company.learnAmp.avatarOf(company.learnAmp.accountByExternalId(ann)?.id ?? 0);
    return found === undefined ? undefined : Buffer.from(found.bytes).toString('latin1');
  };
  photosAsked(company);
  company.directory.setPhoto(ann, picture('first'), small);
  company.directory.updateUser(ann, { givenName: 'Anna' });
  await time.pass(60 * MINUTE);
  expect(cycles.slice(1).every(({ trigger }) => trigger === 'schedule')).toBe(true);
  expect(cycles.length).toBeGreaterThan(2);
  expect(company.learnAmp.accountByExternalId(ann)).toMatchObject({ firstName: 'Anna' });
  expect(photosAsked(company)).toEqual([]);

  let ended = false;
  const asked = connection.sync().finally(() => {
    ended = true;
  });
  await time.until(() => ended, MINUTE);
  expect(await asked).toMatchObject({ ok: true, commands: { SetAvatar: { succeeded: 1 } } });
  expect(avatar()).toBe(picture('first').toString('latin1'));

  company.directory.setPhoto(ann, picture('second'), small);
  await time.until(() => cycles.some(({ trigger }) => trigger === 'full'), DAY + 60 * MINUTE);
  expect(avatar()).toBe(picture('second').toString('latin1'));
});

it('the first cycle of a connection brings the photos along: nobody waits a day for them', async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const ann = hire(company, 'Ann Lee');
  company.directory.setPhoto(ann, picture('first'), small);
  const { engine, cycles } = await openRunning([company], { time });
  await engine.add(connectionTo(company, { learnAmp: portOf(company, time) }));
  engine.start();
  await time.until(() => cycles.length === 1, MINUTE);
  expect(cycles[0]).toMatchObject({ trigger: 'schedule', commands: { SetAvatar: { succeeded: 1 } } });
});

it('photos that give way to a stream of notifications begin no more rounds than it does: one per 5 s', async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const crew = Array.from({ length: 16 }, (_, n) => hire(company, `Crew Member${String(n)}`));
  const told: Promise<Response>[] = [];
  const { engine, cycles, notify } = await openRunning([company], { time, notified: true });
  const port = portOf(company, time);
  const learnAmp: typeof port = {
    ...port,
    execute: (commands, options) => {
      if (commands.some(({ command }) => command.kind === 'SetAvatar')) told.push(notify(company));
      return port.execute(commands, options);
    },
  };
  const connection = await engine.add(connectionTo(company, { learnAmp }));
  engine.start();
  await time.until(() => company.subscriptions.list().length === 2 && cycles.length >= 2, MINUTE);
  await time.pass(10_000);
  const before = cycles.length;
  for (const userId of crew) company.directory.setPhoto(userId, picture(userId), small);
  await during(time, connection.sync());
  await time.pass(MINUTE);
  const begun = cycles.slice(before).map(({ startedAt }) => Date.parse(startedAt));
  const apart = begun.slice(1).map((at, index) => at - (begun[index] ?? 0));
  expect((await Promise.all(told)).every(({ status }) => status === 202)).toBe(true);
  expect(told).toHaveLength(16);
  expect(apart.length).toBeGreaterThanOrEqual(3);
  expect(apart.filter((ms) => ms < 5_000)).toEqual([]);
});
