import { canonicalJson } from '@learnamp/directory-sync-event-sourcing';
import type { Pending } from './recorder.js';

const spelled = ({ type, data }: Pending): string => `${type} ${canonicalJson(data)}`;

/** The events that are still to be recorded: each that stands already takes one like it away. */
export const withoutRecorded = (
  events: ReadonlyArray<Pending>,
  recorded: ReadonlyArray<Pending>,
): ReadonlyArray<Pending> => {
  if (recorded.length === 0) return events;
  const standing = recorded.map(spelled);
  return events.filter((event) => {
    const at = standing.indexOf(spelled(event));
    if (at >= 0) standing.splice(at, 1);
    return at < 0;
  });
};
