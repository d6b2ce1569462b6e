import { describe, expect, it } from 'vitest';
import { eventLogConformance } from './conformance/index.js';
import { record } from './conformance/records.js';
import { makeMemoryEventLog } from './memory-event-log.js';

eventLogConformance({
  name: 'memory',
  describe,
  it,
  open: async () => {
    let log = makeMemoryEventLog();
    return {
      log,
      capabilities: ['unique-ids'],
      reopen: async () => {
        await log.close();
        log = makeMemoryEventLog();
        return log;
      },
      close: () => log.close(),
    };
  },
});

describe('the log in memory', () => {
  it('holds copies that nobody can change', async () => {
    const log = makeMemoryEventLog();
    const data = { nested: { value: 1 } };
    const answer = await log.append('s', 'any', [record(data)])();
    data.nested.value = 2;
    expect(answer).toMatchObject({ right: { records: [{ data: { nested: { value: 1 } } }] } });
    for await (const [stored] of log.pages('s')) expect(Object.isFrozen(stored?.data)).toBe(true);
  });
});
