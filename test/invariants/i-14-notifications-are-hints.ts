import { dataOf } from './event-data.js';
import { type Invariant, wrongIf } from './invariant.js';

const counted = new Set(['count', 'first', 'last']);

export const notificationsAreHints: Invariant = {
  id: 'I-14',
  says: 'no event and no command carries a value from the body of a notification',
  watch: () => ({
    onEvent: (event) =>
      wrongIf(
        event.type === 'NotificationsReceived' && Object.keys(dataOf(event)).some((name) => !counted.has(name)),
        'NotificationsReceived carries more than how many came and when',
      ),
    onLook: ({ notified, events, stored, writes }) =>
      notified.flatMap((value) => [
        ...events.flatMap(({ revision, data }) =>
          wrongIf(
            JSON.stringify(data).includes(value),
            'an event carries a value of a notification',
            `revision ${revision}`,
          ),
        ),
        ...stored.flatMap(({ where, text }) =>
          wrongIf(text.includes(value), 'a record carries a value of a notification', where),
        ),
        ...writes.flatMap(({ sequence, body }) =>
          wrongIf(
            JSON.stringify(body).includes(value),
            'a write carries a value of a notification',
            `write ${sequence}`,
          ),
        ),
      ]),
  }),
};
