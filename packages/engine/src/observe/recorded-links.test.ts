import type { CursorLink, DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { EventLog } from '@learnamp/directory-sync-event-sourcing';
import { makeMemoryEventLog, makeMemoryKeyStore, timeOrderedId } from '@learnamp/directory-sync-event-sourcing';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { DirectorySyncOptions } from '../directory-sync.js';
import { foldTail, openStream } from '../open-stream.js';
import { makeEngineState } from '../state/engine-state.js';
import { makeRecordedLinks } from './recorded-links.js';

const now = new Date('2026-03-02T08:00:00Z');
const link = 'https://graph.microsoft.com/v1.0/users/delta?$deltatoken=one';
const moved: DirectoryEvent = {
  type: 'DeltaCursorMoved',
  data: {
    ...{ source: 'users', cursor: 'users', groupIds: [], link, fingerprint: 'f' },
    ...{ issuedAt: now.toISOString(), graphTime: now.toISOString() },
    ...{ round: { id: 'r', kind: 'initial' }, reached: 'deltaLink' },
  },
};
const started: DirectoryEvent = { type: 'ConnectionPaused', data: { actor: 'a', reason: 'b' } };

/** A log with a cursor in its second event, and how often it was read. */
const recorded = async () => {
  let reads = 0;
  const memory = makeMemoryEventLog();
  const log: EventLog = {
    ...memory,
    pages: (...asked) => {
      reads += 1;
      return memory.pages(...asked);
    },
  };
  const options = { connectionId: 'contoso', log, keys: makeMemoryKeyStore() } as unknown as DirectorySyncOptions;
  const stream = openStream(options, { now: () => now, newId: () => timeOrderedId(now, randomBytes(10)) });
  await stream.append('no-stream', [started, moved], { correlationId: 'c', causationId: 'c' })();
  const state = makeEngineState();
  await foldTail(stream, state);
  const place = state.connection().cursors.users?.delta;
  if (place === undefined) throw new Error('no cursor');
  const before = reads;
  return { state, place, links: makeRecordedLinks(stream), reads: () => reads - before };
};

/** What a process has that opened at rows: it folded none of the events. */
const opened = { linkAt: () => undefined };

describe('a recorded link', () => {
  it('is in memory where its event was folded, and nowhere in the state', async () => {
    const { state, place, links, reads } = await recorded();
    expect(await links(state, place)).toBe(link);
    expect(reads()).toBe(0);
    expect(JSON.stringify(state.connection())).not.toContain('deltatoken');
  });

  it('is opened from its event after a restart, once', async () => {
    const { place, links, reads } = await recorded();
    expect(await links(opened, place)).toBe(link);
    const once = reads();
    expect(once).toBeGreaterThan(0);
    expect(await links(opened, place)).toBe(link);
    expect(reads()).toBe(once);
  });

  it.each(['0', '7'])('is never something else: revision %s holds none', async (revision) => {
    const { place, links } = await recorded();
    const wrong: CursorLink = { ...place, revision };
    await expect(links(opened, wrong)).rejects.toMatchObject({ code: 'log-unavailable' });
  });
});
