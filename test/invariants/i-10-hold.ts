import { dataOf, itemsOf, textAt } from './event-data.js';
import { type Invariant, wrongIf } from './invariant.js';
import type { Ledger } from './ledger.js';

type Settings = {
  readonly enabled: boolean;
  readonly count: number;
  readonly smallShare: number;
  readonly smallShareFrom: number;
  readonly largeShare: number;
  readonly largeShareFrom: number;
  readonly windowHours: number;
};

const settingsOf = (ledger: Ledger): Settings | undefined => {
  const settings = ledger.preferences()['deactivationHold'] as Settings | undefined;
  return settings?.enabled === true ? settings : undefined;
};

/** What may go out at most; N is the most that ever were active, so that this never errs on the strict side. */
const isTooMany = (count: number, most: number, settings: Settings): boolean =>
  count >= settings.count ||
  (count >= settings.smallShareFrom && count > settings.smallShare * most) ||
  (count >= settings.largeShareFrom && count > settings.largeShare * most);

/** The hold is evaluated before dispatch over a sliding day, by Graph's clock, and stops destructive commands alone. */
export const hold: Invariant = {
  id: 'I-10',
  says: 'deactivations beyond the rule wait for a person',
  watch: () => {
    const gone: { readonly userId: string; readonly at: number }[] = [];
    return {
      onEvent: (event, before) => {
        const leavers = itemsOf(event).filter(({ kind }) => kind === 'DeactivateUser');
        if (leavers.length === 0) return [];
        const at = Date.parse(textAt(event, 'graphTime'));
        for (const { subject } of leavers) if (!before.personOf(subject).approved) gone.push({ userId: subject, at });
        const settings = settingsOf(before);
        const since = at - (settings?.windowHours ?? 24) * 3_600_000;
        const people = new Set(gone.flatMap((one) => (one.at > since && one.at <= at ? [one.userId] : [])));
        const empty = ![...before.people.values()].some(({ inScope }) => inScope);
        const unapproved = leavers.filter(({ subject }) => !before.personOf(subject).approved);
        return [
          ...leavers.flatMap(({ subject }) =>
            wrongIf(before.personOf(subject).held, `${subject} is held, and is deactivated without an approval`),
          ),
          ...wrongIf(
            settings !== undefined && unapproved.length > 0 && isTooMany(people.size, before.mostActive(), settings),
            `${people.size} people are deactivated within the window, of ${before.mostActive()}`,
          ),
          ...wrongIf(
            settings !== undefined && unapproved.length > 0 && empty && before.mostActive() >= 2,
            'everybody leaves at once, and deactivations go out',
          ),
        ];
      },
      onLook: ({ events }) =>
        events.flatMap((event) =>
          wrongIf(
            event.type === 'CommandsHeld' && !Array.isArray(dataOf(event)['userIds']),
            'a hold names nobody',
            `revision ${event.revision}`,
          ),
        ),
    };
  },
};
