import { describe, expect, it } from 'vitest';
import { inboxConformance } from './conformance/index.js';
import { makeMemoryInbox } from './memory-inbox.js';

inboxConformance({
  name: 'memory',
  describe,
  it,
  durable: false,
  open: async () => {
    const inbox = makeMemoryInbox();
    return { inbox, close: inbox.close };
  },
});

describe('the inbox in memory', () => {
  it('takes the memory of a thousand marks, however many there are', async () => {
    const inbox = makeMemoryInbox();
    const receivedAt = '2026-01-01T00:00:00.000Z';
    for (let n = 0; n < 20_000; n += 1) await inbox.mark([{ tenantId: 'a', resource: 'users', receivedAt, count: 1 }]);
    const pending = await inbox.pending('a');
    expect(pending?.count).toBe(20_000);
    await inbox.clear('a', pending!.sequence);
    expect(await inbox.pending('a')).toBeUndefined();
  });
});
