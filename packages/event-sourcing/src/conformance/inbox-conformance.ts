import assert from 'node:assert/strict';
import type { InboxMark, NotificationInbox, PendingMarks } from '../notification-inbox.js';
import { registerCases } from './suite.js';
import type { Case, Runner } from './suite.js';

export type InboxUnderTest = {
  readonly inbox: NotificationInbox;
  /** Closes the inbox and opens it again, for inboxes that outlive the process. */
  readonly reopen?: (() => Promise<NotificationInbox>) | undefined;
  readonly close: () => Promise<void>;
};

type InboxCase = Case<InboxUnderTest>;

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

const markOf = (second: number, more: Partial<InboxMark> = {}): InboxMark => ({
  tenantId: 'contoso',
  resource: 'users',
  receivedAt: at(second),
  count: 1,
  ...more,
});

const pendingOf = async (inbox: NotificationInbox, tenantId = 'contoso'): Promise<PendingMarks> =>
  (await inbox.pending(tenantId)) ?? assert.fail(`nothing is pending for ${tenantId}`);

/** What is pending, but for the sequence, which is opaque. */
const countsOf = async (inbox: NotificationInbox, tenantId = 'contoso'): Promise<Omit<PendingMarks, 'sequence'>> => {
  const { count, first, last } = await pendingOf(inbox, tenantId);
  return { count, first, last };
};

const cases: ReadonlyArray<InboxCase> = [
  {
    title: 'nothing is pending where nothing was marked',
    run: async ({ inbox }) => {
      assert.equal(await inbox.pending('contoso'), undefined);
      await inbox.mark([]);
      await inbox.clear('contoso', '0');
      assert.equal(await inbox.pending('contoso'), undefined);
    },
  },
  {
    title: 'marks of a tenant are counted together, with the first and the last time',
    run: async ({ inbox }) => {
      await inbox.mark([markOf(5, { count: 3 })]);
      await inbox.mark([markOf(7, { resource: 'groups' }), markOf(6, { count: 2 })]);
      assert.deepEqual(await countsOf(inbox), { count: 6, first: at(5), last: at(7) });
      await inbox.mark([markOf(1)]);
      assert.deepEqual(await countsOf(inbox), { count: 7, first: at(1), last: at(7) });
    },
  },
  {
    title: 'tenants know nothing of each other',
    run: async ({ inbox }) => {
      await inbox.mark([markOf(1), markOf(2, { tenantId: 'fabrikam', count: 9 }), markOf(3)]);
      const { sequence } = await pendingOf(inbox);
      assert.deepEqual(await countsOf(inbox), { count: 2, first: at(1), last: at(3) });
      await inbox.clear('contoso', sequence);
      assert.equal(await inbox.pending('contoso'), undefined);
      assert.deepEqual(await countsOf(inbox, 'fabrikam'), { count: 9, first: at(2), last: at(2) });
      assert.equal(await inbox.pending('nobody'), undefined);
    },
  },
  {
    title: 'reading what is pending takes nothing away',
    run: async ({ inbox }) => {
      await inbox.mark([markOf(1)]);
      assert.deepEqual(await pendingOf(inbox), await pendingOf(inbox));
    },
  },
  {
    title: 'a mark that comes after the reading stays, with its own time and count',
    run: async ({ inbox }) => {
      await inbox.mark([markOf(1, { count: 4 }), markOf(1, { resource: 'groups' })]);
      const before = await pendingOf(inbox);
      await inbox.mark([markOf(20, { count: 2 })]);
      await inbox.clear('contoso', before.sequence);
      assert.deepEqual(await countsOf(inbox), { count: 2, first: at(20), last: at(20) });
      await inbox.clear('contoso', before.sequence);
      assert.deepEqual(await countsOf(inbox), { count: 2, first: at(20), last: at(20) });
    },
  },
  {
    title: 'an old clear takes nothing that was marked after everything was cleared',
    run: async ({ inbox }) => {
      await inbox.mark([markOf(1), markOf(2), markOf(3)]);
      const old = await pendingOf(inbox);
      await inbox.clear('contoso', old.sequence);
      await inbox.mark([markOf(30)]);
      await inbox.clear('contoso', old.sequence);
      assert.deepEqual(await countsOf(inbox), { count: 1, first: at(30), last: at(30) });
    },
  },
  {
    title: 'a thousand calls side by side are all counted',
    run: async ({ inbox }) => {
      const tenants = ['contoso', 'fabrikam', 'adatum'];
      await Promise.all(
        Array.from({ length: 1_002 }, (_, n) => inbox.mark([markOf(n % 60, { tenantId: tenants[n % 3] ?? '' })])),
      );
      for (const tenant of tenants) assert.equal((await pendingOf(inbox, tenant)).count, 334);
    },
  },
  {
    title: 'readings and clears between marks neither lose nor repeat a mark',
    run: async ({ inbox }) => {
      let cleared = 0;
      const reader = async (): Promise<void> => {
        for (let n = 0; n < 40; n += 1) {
          const found = await inbox.pending('contoso');
          if (found === undefined) continue;
          await inbox.clear('contoso', found.sequence);
          cleared += found.count;
        }
      };
      const writer = async (): Promise<void> => {
        for (let n = 0; n < 100; n += 1) await inbox.mark([markOf(n % 60)]);
      };
      await Promise.all([reader(), writer(), writer(), writer()]);
      assert.equal(cleared + ((await inbox.pending('contoso'))?.count ?? 0), 300);
    },
  },
  {
    title: 'a mark without a time or a count is refused, and the call leaves nothing behind',
    run: async ({ inbox }) => {
      const wrong: ReadonlyArray<Partial<InboxMark>> = [
        { count: 0 },
        { count: -1 },
        { count: 1.5 },
        { count: Number.NaN },
        { receivedAt: '' },
        { receivedAt: 'yesterday' },
        { receivedAt: '2026-01-01' },
      ];
      for (const mistake of wrong) await assert.rejects(inbox.mark([markOf(1), markOf(2, mistake)]), RangeError);
      assert.equal(await inbox.pending('contoso'), undefined);
    },
  },
  {
    title: 'a sequence that was never given out is refused',
    run: async ({ inbox }) => {
      await inbox.mark([markOf(1)]);
      for (const text of ['', '-1', '1e3', ' 1', '01', 'all', '1'.repeat(40)]) {
        await assert.rejects(inbox.clear('contoso', text), RangeError);
      }
      assert.deepEqual(await countsOf(inbox), { count: 1, first: at(1), last: at(1) });
    },
  },
  {
    title: 'once closed, it rejects, and may be closed again',
    run: async ({ inbox }) => {
      const last = inbox.mark([markOf(1)]);
      await inbox.close();
      await last;
      await assert.rejects(inbox.mark([markOf(2)]));
      await assert.rejects(inbox.pending('contoso'));
      await assert.rejects(inbox.clear('contoso', '1'));
      await inbox.close();
    },
  },
];

const reopenCase: InboxCase = {
  title: 'what was marked is there when the inbox is opened again, and what was cleared is not',
  run: async ({ inbox, reopen }) => {
    assert.ok(reopen);
    await inbox.mark([markOf(1, { count: 2 }), markOf(2, { tenantId: 'fabrikam' })]);
    const before = await pendingOf(inbox, 'fabrikam');
    await inbox.clear('fabrikam', before.sequence);
    const again = await reopen();
    assert.deepEqual(await countsOf(again), { count: 2, first: at(1), last: at(1) });
    assert.equal(await again.pending('fabrikam'), undefined);
    await again.mark([markOf(3, { tenantId: 'fabrikam' })]);
    await again.clear('fabrikam', before.sequence);
    assert.deepEqual(await countsOf(again, 'fabrikam'), { count: 1, first: at(3), last: at(3) });
  },
};

/** Holds a notification inbox to the port's promises. */
export const inboxConformance = (
  options: Runner & {
    readonly name: string;
    /** True when `open` gives a `reopen`. */
    readonly durable: boolean;
    readonly open: () => Promise<InboxUnderTest>;
  },
): void => {
  const { name, durable, open } = options;
  registerCases(options, `inbox conformance: ${name}`, { open, cases: durable ? [...cases, reopenCase] : cases });
};
