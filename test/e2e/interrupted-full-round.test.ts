import { describe, expect, it } from 'vitest';
import { none } from '../support/report.js';
import { calm, openStage } from '../support/stage.js';

const refusal = (status: number, code: string) => ({ status, body: { error: { code, message: 'x' } } });

/** What ends a page; those that last are there until the process has gone. */
const interruptions = {
  'the connection breaks': { action: 'reset', times: undefined },
  'the page token dies': { action: refusal(400, 'Directory_ExpiredPageToken'), times: 1 },
  'the delta token dies': { action: refusal(410, 'syncStateNotFound'), times: 1 },
  'the permission goes': { action: refusal(403, 'Authorization_RequestDenied'), times: undefined },
} as const;

type Interruption = keyof typeof interruptions;

describe('a full read that is interrupted at each of its pages', () => {
  it.each(Object.keys(interruptions) as ReadonlyArray<Interruption>)(
    'takes nobody for gone, then or later: %s',
    async (what) => {
      const stage = await openStage({
        graph: { ...calm, pageSize: { min: 2, max: 2 }, sliceSize: { min: 3, max: 3 } },
        patienceMs: 100,
        storage: 'memory',
      });
      const nested = stage.directory.addGroup({ displayName: 'Nested' });
      stage.directory.addMember(stage.directory.scopeGroupId, nested);
      stage.crew(8);
      stage.crew(7, {}, nested);
      await stage.sync();
      stage.newWrites();
      stage.simulator.requests.reset();
      await stage.sync({ full: true });
      const pages = stage.simulator.requests.count({ system: 'graph', path: /delta/ });
      expect(pages).toBeGreaterThan(8);
      const whole = { ok: true, exitCode: 0, commands: none, people: { inScope: 15, linked: 15, held: 0 } };
      for (let page = 1; page <= pages; page += 1) {
        const { action, times } = interruptions[what];
        const fault = stage.simulator.faults.add({
          ...{ system: 'graph', path: /delta/, from: page, action },
          ...(times === undefined ? {} : { times }),
        });
        const broken = await stage.sync({ full: true });
        expect(fault.hits(), `page ${page}`).toBeGreaterThan(0);
        expect(broken.events, `page ${page}`).not.toHaveProperty('UserLeftGroup');
        expect(broken.commands).toEqual({});
        await stage.reopen();
        fault.remove();
        // What changed goes on from there; then everything from the beginning.
        expect(await stage.sync(), `after page ${page}`).toMatchObject(whole);
        expect(await stage.sync({ full: true }), `after page ${page}`).toMatchObject(whole);
      }
      expect(stage.learnAmp.deactivations()).toEqual([]);
      expect(stage.newWrites()).toEqual([]);
      // Old and new cursors are not both followed for ever.
      const idle = (await stage.engine().status()).cursors.length;
      expect(idle).toBe(2);
    },
    120_000,
  );
});
