import type { OfferedHead } from '@learnamp/directory-sync';
import { expect, it } from 'vitest';
import { connectionTo, hire, openCompany, openRunning } from '../../support/running-engine.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

const HOUR = 3_600_000;

it('the signed head of the log is offered to the host once a day, and the log contains it for good', async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  hire(company, 'Ann Lee');
  const heads: OfferedHead[] = [];
  const onHead = (offered: OfferedHead): void => {
    heads.push(offered);
  };
  const { engine } = await openRunning([company], { time, onHead });
  const connection = await engine.add(connectionTo(company, { schedule: { pollSeconds: 14_400 } }));
  engine.start();
  await time.pass(49 * HOUR);
  expect(heads.map(({ connectionId }) => connectionId)).toEqual(['fabrikam', 'fabrikam']);
  hire(company, 'Bob Ray');
  await time.pass(5 * HOUR);
  for (const { head } of heads) expect(await connection.verify({ head })).toMatchObject({ ok: true });
});
