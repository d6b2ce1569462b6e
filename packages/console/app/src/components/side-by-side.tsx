import type { PersonAt } from '@learnamp/directory-sync';
import { spaced } from '../words.js';

type Row = {
  readonly name: string;
  readonly wanted: string | null | undefined;
  readonly held: string | null | undefined;
  readonly isComparable?: boolean;
};

const profileRows = ({ desired, delivered }: PersonAt): ReadonlyArray<Row> => {
  const names = new Set([...Object.keys(desired?.profile ?? {}), ...Object.keys(delivered?.profile ?? {})]);
  return [...names].map((name) => ({ name, wanted: desired?.profile[name], held: delivered?.profile[name] }));
};

const customRows = ({ desired, delivered }: PersonAt): ReadonlyArray<Row> => {
  const names = new Set([...Object.keys(desired?.customFields ?? {}), ...Object.keys(delivered?.customFields ?? {})]);
  return [...names].map((name) => ({ name, wanted: desired?.customFields[name], held: delivered?.customFields[name] }));
};

const rowsOf = (sides: PersonAt, manager: KnownManager | undefined): ReadonlyArray<Row> => [
  { name: 'firstName', wanted: sides.desired?.firstName, held: sides.delivered?.firstName },
  { name: 'lastName', wanted: sides.desired?.lastName, held: sides.delivered?.lastName },
  { name: 'email', wanted: sides.desired?.email, held: sides.delivered?.email },
  ...profileRows(sides),
  { name: 'team', wanted: sides.desired?.team, held: sides.delivered?.teamKey },
  managerRow(sides, manager),
  ...customRows(sides),
];

/** The manager of now: known as an object id on one side and as an account on the other. */
export type KnownManager = {
  readonly userId: string;
  readonly displayName: string | null;
  readonly account: string | null;
};

const managerName = ({ displayName, userId }: KnownManager): string => displayName ?? userId;

const accountWords = (
  held: string | null | undefined,
  manager: KnownManager | undefined,
): string | null | undefined => {
  if (held === null || held === undefined) return held;
  return manager?.account === held ? managerName(manager) : `account ${held}`;
};

/** Whether managers are assigned at all is for the preferences to say, so nothing is marked as a difference here. */
const managerRow = ({ directory, delivered }: PersonAt, manager: KnownManager | undefined): Row => ({
  name: 'manager',
  wanted:
    manager?.userId === directory?.managerId && manager !== undefined ? managerName(manager) : directory?.managerId,
  held: accountWords(delivered?.managerLearnAmpUserId, manager),
  isComparable: false,
});

const shown = (value: string | null | undefined): string => (value === undefined ? '–' : (value ?? 'empty'));

const same = ({ wanted, held, isComparable = true }: Row): boolean =>
  !isComparable ||
  wanted === undefined ||
  held === undefined ||
  (wanted ?? '').toLowerCase() === (held ?? '').toLowerCase();

type Shown = { readonly sides: PersonAt; readonly label: string; readonly manager?: KnownManager | undefined };

/** What the directory wants, and what Learn Amp holds, field by field. */
export const SideBySide = ({ sides, label, manager }: Shown) => (
  <>
    <p className="small">
      {sides.directory === null
        ? 'Not known to the directory'
        : sides.directory.inScope
          ? 'In the group'
          : 'Not in the group'}
      {sides.directory?.accountEnabled === false ? ', sign-in blocked' : ''}
      {' · '}
      {sides.delivered?.learnAmpUserId === undefined ? 'no account' : `account ${sides.delivered.learnAmpUserId}`}
      {sides.delivered?.learnAmpUserId === undefined || sides.delivered.status === undefined
        ? ''
        : `, ${sides.delivered.status.replaceAll('_', ' ')}`}
    </p>
    <div className="scroll" tabIndex={0} role="region" aria-label={label}>
      <table className="sides">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">By the directory</th>
            <th scope="col">At Learn Amp</th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(sides, manager).map((row) => (
            <tr key={row.name} className={same(row) ? '' : 'differs'}>
              <th scope="row">{spaced(row.name)}</th>
              <td>
                <bdi>{shown(row.wanted)}</bdi>
              </td>
              <td>
                <bdi>{shown(row.held)}</bdi>
                {same(row) ? null : <span className="visually-hidden"> (differs)</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </>
);
