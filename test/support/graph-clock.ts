import type { Stage } from './stage.js';

/** Graph answers at a time of the test's choosing: the clock of the hold, and of refusals. */
export const openGraphClock = (stage: Pick<Stage, 'simulator'>, startIso: string) => {
  let at = Date.parse(startIso);
  stage.simulator.faults.add({
    system: 'graph',
    action: {
      rewrite: (response) => ({
        ...response,
        headers: { ...response.headers, date: new Date(at).toUTCString() },
      }),
    },
  });
  return {
    pass: (hours: number): void => {
      at += hours * 3_600_000;
    },
  };
};
