import type { DirectorySyncError, SyncReport } from '@learnamp/directory-sync';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStage, type Stage } from '../support/stage.js';

/** Rejections that nobody took while a test ran: any of them would end a host's process. */
const watchRejections = (): { readonly untaken: () => ReadonlyArray<unknown> } => {
  const seen: unknown[] = [];
  const note = (reason: unknown): void => void seen.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  return { untaken: () => seen };
};

/** Aborts with the n-th request of either system, before it is answered. */
const abortAt = ({ simulator }: Stage, nth: number): { readonly signal: AbortSignal; readonly seen: () => number } => {
  const controller = new AbortController();
  let count = 0;
  simulator.faults.clear();
  simulator.faults.add({
    match: () => {
      count += 1;
      if (count === nth) controller.abort();
      return false;
    },
    action: 'reset',
  });
  return { signal: controller.signal, seen: () => count };
};

const endOf = (value: object): unknown => (value as { readonly report?: SyncReport }).report?.error?.code;

const STRIDE = process.env['CRASH'] === 'all' ? 1 : 4;

const openFirstSync = async (): Promise<Stage> => {
  const stage = await openStage({ storage: 'memory' });
  stage.crew(3, { department: 'Aft' });
  return stage;
};

describe('a sync that is aborted', () => {
  it('at any request of a first sync: says so, leaves no rejection behind, and is gone on with', async () => {
    const { untaken } = watchRejections();
    const whole = await openFirstSync();
    const { seen } = abortAt(whole, Infinity);
    await whole.sync();
    const requests = seen();
    expect(requests).toBeGreaterThan(8);
    const codes = new Set<string | undefined>();
    for (let nth = 1; nth <= requests; nth += STRIDE) {
      const stage = await openFirstSync();
      const { signal } = abortAt(stage, nth);
      const { ok, error } = await stage.sync({ signal });
      codes.add(error?.code);
      expect(ok || error?.code === 'stopped', `${nth}: ${error?.message ?? ''}`).toBe(true);
      expect(await stage.sync()).toMatchObject({ ok: true, people: { inScope: 3, linked: 3 } });
      expect(stage.learnAmp.accounts()).toHaveLength(whole.learnAmp.accounts().length);
      expect(stage.learnAmp.invitations().length).toBeLessThanOrEqual(3);
    }
    await setImmediate();
    expect(codes).toContain('stopped');
    expect(untaken()).toEqual([]);
  });

  it('before it began: nothing is asked or recorded', async () => {
    const stage = await openFirstSync();
    stage.simulator.requests.reset();
    const { error, events } = await stage.sync({ signal: AbortSignal.abort() });
    expect([error?.code, events, stage.simulator.requests.count({ system: 'graph' })]).toEqual(['stopped', {}, 0]);
  });

  it('in whatever else reads: the promise settles, and nothing is left that nobody took', async () => {
    const { untaken } = watchRejections();
    const stage = await openFirstSync();
    await stage.sync();
    const engine = stage.engine();
    const signal = AbortSignal.abort();
    const settled = await Promise.allSettled([
      engine.preview({ signal }),
      engine.reconcile({ signal }),
      engine.rebuild({ signal }),
      engine.verify({ signal }),
    ]);
    await setImmediate();
    const codeOf = (each: (typeof settled)[number]): unknown =>
      each.status === 'rejected' ? (each.reason as DirectorySyncError).code : endOf(each.value);
    expect(settled.map(codeOf)).toEqual(['stopped', 'stopped', 'stopped', 'stopped']);
    expect(untaken()).toEqual([]);
    expect(await stage.sync()).toMatchObject({ ok: true });
  });
});
