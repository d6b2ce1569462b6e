import { expect, test } from 'vitest';
import { calm, openStage } from '../support/stage.js';

const KIB_64 = 'W'.repeat(64 * 1024);

/** Everything of a person that Graph tells and that is copied to Learn Amp, in 64 KiB each. Entra itself allows 256 characters at most. */
const fields = ['jobTitle', 'department', 'officeLocation', 'preferredLanguage', 'displayName', 'givenName', 'surname'];

test.each(fields)(
  '64 KiB of %s stop nobody else, are told once, and leave nothing to do for the next cycle',
  { timeout: 120_000 },
  async (field) => {
    const stage = await openStage({ graph: calm });
    const [ada = ''] = stage.crew(3);
    const grace = stage.hire('Grace Hopper', { jobTitle: 'Rear admiral' });
    await stage.sync();
    stage.directory.updateUser(ada, { [field]: KIB_64 });
    stage.directory.updateUser(grace, { jobTitle: 'Retired' });
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true });
    expect(stage.account(grace).jobTitle).toBe('Retired');
    const attention = JSON.stringify(report.attention);
    expect(attention.length).toBeLessThan(4_000);
    // It is read once more where the directory has gone on, and then nothing is left.
    await stage.sync({ full: true });
    const quiet = await stage.sync();
    expect(quiet).toMatchObject({ ok: true, events: {} });
    const why = await stage.engine().why(ada as never);
    expect(why.events.length).toBeGreaterThan(0);
    for (const { says } of why.events) expect(says.length).toBeLessThan(2_000);
    await stage.checkInvariants();
  },
);
