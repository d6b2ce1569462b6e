import { expect, test } from 'vitest';
import { makeToldGate } from './told-gate.js';

test.each(['99999999999999', '1e9', 'Fri, 31 Dec 275000 00:00:00 GMT'])(
  'a wait of "%s" closes the gate until a time that can be written down, or not at all',
  (told) => {
    const closed: string[] = [];
    const gate = makeToldGate({
      now: () => new Date('2026-03-02T08:00:00Z'),
      onClosed: (until) => closed.push(until.toISOString()),
    });
    gate.heed(new Headers({ 'retry-after': told }));
    expect(gate.left()).toBeLessThanOrEqual(365 * 24 * 3_600_000);
    expect(closed.every((until) => until <= '2027-03-02T08:00:00.000Z')).toBe(true);
  },
);
