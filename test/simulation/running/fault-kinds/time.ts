import { times, type FaultKind } from '../scene.js';

const HOUR = 3_600_000;

/** Somebody sets the clock of the host, or it is set right. */
const hostClock = (name: string, milliseconds: number): FaultKind => ({
  name,
  arm: ({ setHostClock }) => {
    setHostClock(milliseconds);
    return times(1);
  },
});

export const timeFaults: ReadonlyArray<FaultKind> = [
  hostClock('clock-an-hour-forward', HOUR),
  hostClock('clock-an-hour-back', -HOUR),
  {
    // The host slept: everywhere else eight days went by.
    name: 'clock-eight-days-forward',
    arm: ({ scheduler }) => {
      scheduler.jump(8 * 24 * HOUR);
      return times(1);
    },
  },
];
