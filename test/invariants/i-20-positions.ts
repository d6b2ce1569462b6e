import { textAt } from './event-data.js';
import { type Invariant, wrongIf } from './invariant.js';

/** Graph's times are whole seconds. */
const ROUNDING_MS = 1_000;

/** Order comes from positions, never from clocks: revisions without gaps, and no time of Graph that Graph has not reached. */
export const positions: Invariant = {
  id: 'I-20',
  says: 'order comes from positions, and no clock makes anything look newer than it is',
  watch: () => {
    let next = 0n;
    const ids = new Set<string>();
    return {
      onEvent: (event) => {
        const revision = BigInt(event.revision);
        const wrong = [
          ...wrongIf(revision !== next, `revision ${event.revision} stands where ${next.toString()} is due`),
          ...wrongIf(ids.has(event.id), `the event ${event.id} stands twice`),
        ];
        ids.add(event.id);
        next = revision + 1n;
        return wrong;
      },
      onLook: ({ events, now }) =>
        events.flatMap((event) => {
          const graphTime = textAt(event, 'graphTime');
          return wrongIf(
            graphTime !== '' && Date.parse(graphTime) > now.getTime() + ROUNDING_MS,
            `${event.type} carries a time of Graph that is not yet`,
            `revision ${event.revision}`,
          );
        }),
    };
  },
};
