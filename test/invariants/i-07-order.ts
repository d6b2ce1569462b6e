import { commandOf, dataOf, itemsOf, metaOf, textOf } from './event-data.js';
import { type Invariant, wrongIf } from './invariant.js';

/** Teams, accounts, profiles, primary teams, managers, avatars, invitations, deactivations. */
const places: Readonly<Record<string, number>> = {
  ...{ EnsureTeam: 1, CreateUser: 2, LinkUser: 2, ReactivateUser: 2, ChangeEmail: 3, UpdateProfile: 3 },
  ...{ SetCustomFields: 3, SetPrimaryTeam: 4, SetOverrideManager: 5, ClearOverrideManager: 5, SetAvatar: 6 },
  ...{ ClearAvatar: 6, SendInvitation: 7, DeactivateUser: 8 },
};
const placeOf = (kind: string): number => places[kind] ?? 0;

export const order: Invariant = {
  id: 'I-07',
  says: 'commands of one subject keep their order, and deactivations come last',
  watch: () => {
    let deactivatedIn = '';
    return {
      onEvent: (event, before) => {
        const items = itemsOf(event);
        const cycle = metaOf(event).correlationId ?? '';
        const lanes = items.filter(({ kind }) => kind !== 'SetAvatar' && kind !== 'ClearAvatar');
        const behind = cycle !== '' && deactivatedIn === cycle && lanes.some(({ kind }) => kind !== 'DeactivateUser');
        if (items.some(({ kind }) => kind === 'DeactivateUser')) deactivatedIn = cycle;
        // Seats that deactivations freed are given to those who wait for one, right behind them (FC-93).
        if (event.type === 'LearnAmpCapabilitiesObserved' && dataOf(event)['seats'] === 'some') deactivatedIn = '';
        const latest = new Map<string, number>();
        const command = event.type === 'CommandSucceeded' ? commandOf(event) : undefined;
        const [teamId, manager] = [textOf(command?.['teamId']), textOf(command?.['managerUserId'])];
        return [
          ...wrongIf(behind, 'other commands go out behind the deactivations of the same cycle'),
          ...items.flatMap(({ subject, kind }) => {
            const place = placeOf(kind);
            const early = place < (latest.get(subject) ?? 0);
            latest.set(subject, place);
            const unlinked = place > 2 && before.personOf(subject).account === undefined && !isLinking(items, subject);
            return [
              ...wrongIf(early, `${kind} of ${subject} is behind a later step of the same person`),
              ...wrongIf(unlinked, `${kind} for ${subject}, who has no account yet`),
            ];
          }),
          ...wrongIf(
            command?.kind === 'SetPrimaryTeam' && teamId !== undefined && !before.teams.has(teamId),
            `a primary team was set before team ${teamId ?? ''} was ensured`,
          ),
          ...wrongIf(
            command?.kind === 'SetOverrideManager' &&
              manager !== undefined &&
              before.personOf(manager).account === undefined,
            `the manager ${manager ?? ''} was set before they had an account`,
          ),
        ];
      },
    };
  },
};

/** The link goes out in the same dispatch, before the rest of the person's commands. */
const isLinking = (items: ReturnType<typeof itemsOf>, subject: string): boolean =>
  items.some((item) => item.subject === subject && item.kind === 'LinkUser');
