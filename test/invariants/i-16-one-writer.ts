import { dataOf, metaOf } from './event-data.js';
import { type Invariant, wrongIf } from './invariant.js';

/** Only the holder of the newest fencing number appends; an administrator appends without one. */
export const oneWriter: Invariant = {
  id: 'I-16',
  says: 'an engine that was overtaken appends nothing and dispatches nothing',
  watch: () => {
    let newest = 0;
    return {
      onEvent: (event) => {
        const { epoch } = metaOf(event);
        const started = event.type === 'EngineStarted' ? Number(dataOf(event)['epoch']) : undefined;
        const wrong = [
          ...wrongIf(started !== undefined && started <= newest, `epoch ${started ?? 0} is taken again`),
          // What opens a cycle stands before its own `EngineStarted`, in one append.
          ...wrongIf(
            epoch !== undefined && epoch < newest,
            `an engine of epoch ${epoch ?? 0} appends behind epoch ${newest}`,
          ),
          ...wrongIf(
            event.type === 'CommandsDispatched' && epoch !== newest,
            `commands are dispatched under epoch ${epoch ?? 'none'}, and ${newest} is in force`,
          ),
        ];
        newest = Math.max(newest, started ?? 0);
        return wrong;
      },
    };
  },
};
