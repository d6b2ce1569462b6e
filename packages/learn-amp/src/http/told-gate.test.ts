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
    expect(gate.left()).toBeLessThanOrEqual(24 * 3_600_000);
    expect(closed.every((until) => until <= '2026-03-03T08:00:00.000Z')).toBe(true);
  },
);

const MINUTE = 60_000;
const openAt = (start: string) => {
  let at = Date.parse(start);
  const gate = makeToldGate({ now: () => new Date(at) });
  return { gate, goOn: (milliseconds: number) => void (at += milliseconds) };
};

test('a clock that is set back makes a wait begin again, and it comes to its end by that clock', () => {
  const { gate, goOn } = openAt('2026-03-02T08:00:00Z');
  gate.heed(new Headers({ 'retry-after': '90' }));
  goOn(80_000);
  expect(gate.left()).toBe(10_000);
  goOn(-60 * MINUTE);
  expect(gate.left()).toBe(90_000);
  goOn(60_000);
  expect(gate.left()).toBe(30_000);
  goOn(30_000);
  expect(gate.left()).toBeLessThanOrEqual(0);
});

test('what was told is named anew each time, and not by the clock', () => {
  const { gate, goOn } = openAt('2026-03-02T08:00:00Z');
  const before = gate.mark();
  gate.heed(new Headers({ 'retry-after': '90' }));
  const first = gate.mark();
  goOn(-60 * MINUTE);
  gate.left();
  expect(first).not.toBe(before);
  expect(gate.mark()).toBe(first);
});

test('a date is read against the date of the answer: a wrong clock of the host does no harm', () => {
  const { gate } = openAt('2026-03-02T07:00:00Z');
  const headers = { 'retry-after': 'Mon, 02 Mar 2026 08:00:30 GMT', date: 'Mon, 02 Mar 2026 08:00:00 GMT' };
  expect(gate.heed(new Headers(headers))).toBe(30_000);
});
