import type { GraphServerOptions } from '@learnamp/directory-sync-simulator';
import { expect, it } from 'vitest';
import { shownAccounts } from './compare.js';
import { liveThrough, type Lived } from './run-company.js';

const common = { restoredUsersShow: true, purgesEndMemberships: true, deletionsDetachGroups: true } as const;

/** The same directory, told in three ways. */
const servers: Readonly<Record<string, GraphServerOptions>> = {
  'one large page, in order, each thing once': {
    ...common,
    ...{ pageSize: { min: 500, max: 500 }, sliceSize: { min: 500, max: 500 } },
    ...{ shuffle: false, duplicates: false, replays: false, emptyPages: false, removedInFirstRound: false },
  },
  'many small pages in any order, with repetitions': {
    ...common,
    ...{ pageSize: { min: 1, max: 2 }, sliceSize: { min: 1, max: 1 } },
    ...{ shuffle: true, duplicates: true, replays: true, emptyPages: true, restoresTellMemberships: true },
  },
  'contradictions, and little of what may be left out': {
    ...{ restoredUsersShow: true, purgesEndMemberships: false, deletionsDetachGroups: false },
    ...{ contradictions: true, duplicates: true, replays: true, lateValues: false, deletedGroupReason: 'deleted' },
  },
};

const seeds = Array.from({ length: 15 }, (_, at) => 20_001 + at);

it.for(seeds)(
  'company %i ends in the same accounts whatever the pages, the order and the repetitions',
  async (seed, { skip }) => {
    const lives: Lived[] = [];
    for (const graph of Object.values(servers))
      lives.push(await liveThrough({ seed, edits: 30, graph, ownAddresses: true }));
    const [first, ...others] = lives.map(({ oracle, company }) =>
      shownAccounts(oracle, company.simulator.learnAmp, company.wishes),
    );
    // Who of two new people gets one address is a matter of who is seen first.
    if (lives.some(({ oracle }) => oracle.wasTied())) skip();
    for (const other of others) expect(other).toEqual(first);
    expect(Object.keys(first ?? {}).length).toBeGreaterThan(5);
  },
);
