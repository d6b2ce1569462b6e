import { times, type FaultKind } from '../scene.js';

const HOUR = 3_600_000;

const jump = (name: string, milliseconds: number): FaultKind => ({
  name,
  arm: ({ scheduler }) => {
    scheduler.jump(milliseconds);
    return times(1);
  },
});

export const timeFaults: ReadonlyArray<FaultKind> = [
  jump('clock-an-hour-forward', HOUR),
  jump('clock-an-hour-back', -HOUR),
  jump('clock-eight-days-forward', 8 * 24 * HOUR),
];
