import type { NotificationCounters } from '../notifications/notification-handler.js';
import type { Reading } from './telemetry.js';

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, each) => total + each, 0);

/** The intake since the handler was made. */
export const intakeReadings = (counters: NotificationCounters): ReadonlyArray<Reading> => {
  const { validations, received, marked, ignored, rejected, refused } = counters;
  const by = { validation: validations, received, marked, ignored, rejected: sum(rejected), refused: sum(refused) };
  return Object.entries(by).map(([result, value]) => ({ name: 'notifications', value, attributes: { result } }));
};
