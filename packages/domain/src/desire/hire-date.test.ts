import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { hireDateIn } from './hire-date.js';

const instants = fc.date({
  min: new Date('0002-01-01T00:00:00Z'),
  max: new Date('9999-12-30T00:00:00Z'),
  noInvalidDate: true,
});
const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Kiritimati');

describe('FC-57: hire dates', () => {
  test.each([
    ['UTC', '2024-03-31T23:00:00Z', '2024-03-31'],
    ['Europe/Berlin', '2024-03-31T22:00:00Z', '2024-04-01'],
    ['Europe/Berlin', '2024-03-31T21:59:59.9999999Z', '2024-03-31'],
    ['America/New_York', '2024-04-01T03:59:59Z', '2024-03-31'],
    ['America/New_York', '2024-04-01T04:00:00Z', '2024-04-01'],
    ['Asia/Kolkata', '2024-03-31T18:30:00Z', '2024-04-01'],
    ['Pacific/Kiritimati', '2024-03-31T10:00:00Z', '2024-04-01'],
    ['UTC', '2031-01-01T00:00:00Z', '2031-01-01'],
    ['UTC', '2024-04-01T00:00:00+02:00', '2024-03-31'],
    ['Europe/Berlin', '2024-04-01T00:00:00+02:00', '2024-04-01'],
    ['UTC', '2024-02-29T00:00:00z', '2024-02-29'],
    ['UTC', ' 2024-04-01T00:00Z ', '2024-04-01'],
  ])('in %s, %s is %s', (zone, timestamp, date) => {
    expect(hireDateIn(zone, timestamp)).toBe(date);
  });

  test.each([
    ['before and at the start of summer time', '2024-03-30T23:00:00Z', '2024-03-31'],
    ['on the day after it', '2024-03-31T22:00:00Z', '2024-04-01'],
    ['before and at the end of summer time', '2024-10-26T22:00:00Z', '2024-10-27'],
    ['on the day after that', '2024-10-27T23:00:00Z', '2024-10-28'],
  ])('local midnight %s is that day and not its neighbour', (_, timestamp, date) => {
    expect(hireDateIn('Europe/Berlin', timestamp)).toBe(date);
  });

  test.each(['0001-01-01T00:00:00Z', '0001-01-01', '0001-01-01T05:00:00Z', '0001-01-01T00:00:00'])(
    'the smallest date %s means not set, in every zone',
    (timestamp) => {
      for (const zone of ['UTC', 'America/Los_Angeles', 'Asia/Tokyo']) expect(hireDateIn(zone, timestamp)).toBeNull();
    },
  );

  test('a date alone, or a time without an offset, is the date as written in every zone', () => {
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        const date = instant.toISOString().slice(0, 10);
        expect(hireDateIn(zone, date)).toBe(date);
        expect(hireDateIn(zone, `${date}T23:30:00`)).toBe(date);
      }),
    );
  });

  test.each([
    '2024-02-30',
    '2023-02-29T00:00:00Z',
    '2024-13-01',
    '2024-00-10',
    '0000-05-05',
    '2024-04-01T24:00:00Z',
    '2024-04-01T10:60:00Z',
    '2024-04-01T10:00:61Z',
    '2024-04-01T10:00:00+15:00',
    '01/04/2024',
    '1 April 2024',
    '20240401',
    '2024-4-1',
    '',
  ])('%j is no date', (timestamp) => {
    expect(hireDateIn('UTC', timestamp)).toBeUndefined();
  });

  test('a hostile text is no date, and costs no time', () => {
    expect(hireDateIn('UTC', `2024-04-01T10:00:00.${'0'.repeat(100_000)}`)).toBeUndefined();
  });

  test.each([
    ['America/New_York', '0001-01-02T02:00:00Z'],
    ['Pacific/Kiritimati', '0001-01-01T00:00:00Z'],
  ])('what is the smallest date in %s says "not set": %s', (zone, timestamp) => {
    expect(hireDateIn(zone, timestamp)).toBeNull();
  });

  test('a date that falls behind the last year is none', () => {
    expect(hireDateIn('UTC', '9999-12-31T23:00:00Z')).toBe('9999-12-31');
    expect(hireDateIn('Pacific/Kiritimati', '9999-12-31T23:00:00Z')).toBeUndefined();
  });

  test('any number of time zones may be asked about', () => {
    const offsets = Array.from({ length: 12 }, (_, hours) => hours + 1);
    const all = offsets.flatMap((hours) => [`Etc/GMT+${String(hours)}`, `Etc/GMT-${String(hours)}`]);
    const more = ['Europe/Berlin', 'Europe/Paris', 'Europe/Rome', 'Europe/Madrid', 'Europe/Vienna', 'Europe/Oslo'];
    const zonesAsked = [...all, ...more, 'Asia/Tokyo', 'Asia/Seoul', 'Asia/Dubai', 'Asia/Kolkata', 'UTC'];
    const dates = () => zonesAsked.map((zone) => hireDateIn(zone, '2024-04-01T12:30:00Z'));
    const first = dates();
    expect(dates()).toEqual(first);
    expect(new Set(first)).toEqual(new Set(['2024-04-01', '2024-04-02']));
  });

  test('in UTC the date is the date part of the value', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        expect(hireDateIn('UTC', instant.toISOString())).toBe(instant.toISOString().slice(0, 10));
      }),
      { numRuns: 1000 },
    );
  });

  test('no zone moves a date by more than a day, and an offset is only another way of writing an instant', () => {
    fc.assert(
      fc.property(instants, zones, fc.integer({ min: -12, max: 14 }), (instant, zone, offset) => {
        const date = hireDateIn(zone, instant.toISOString());
        const away = Math.abs(Date.parse(`${date ?? ''}T12:00:00Z`) - instant.getTime());
        expect(away).toBeLessThanOrEqual(36 * 3_600_000);
        const shifted = new Date(instant.getTime() + offset * 3_600_000).toISOString().slice(0, 19);
        const written = `${shifted}${offset < 0 ? '-' : '+'}${String(Math.abs(offset)).padStart(2, '0')}:00`;
        expect(hireDateIn(zone, written)).toBe(date);
      }),
    );
  });

  describe('on machines in other time zones', () => {
    const own = process.env.TZ;
    afterEach(() => {
      if (own === undefined) delete process.env.TZ;
      else process.env.TZ = own;
    });

    test('the date is the same', () => {
      const results = ['UTC', 'America/Los_Angeles', 'Asia/Tokyo', 'Pacific/Apia'].map((machine) => {
        process.env.TZ = machine;
        return [new Date(0).getTimezoneOffset(), hireDateIn('Europe/Berlin', '2024-03-31T22:00:00Z')] as const;
      });
      expect(new Set(results.map(([offset]) => offset)).size).toBeGreaterThan(1);
      expect(new Set(results.map(([, date]) => date))).toEqual(new Set(['2024-04-01']));
    });
  });
});
