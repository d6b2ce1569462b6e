import type { DoctorCheck, LearnAmpCheck } from '@learnamp/directory-sync';
import { counted, printable } from './printable.js';
import type { Style } from './style.js';

const words: Readonly<Record<LearnAmpCheck['check'], string>> = {
  credentials: 'credentials',
  scopes: 'scopes',
  accounts: 'list of accounts',
  'one-account': 'one account',
  'external-id': 'external ids',
  email: 'addresses',
  statuses: 'statuses',
  owners: 'owners',
  teams: 'teams',
  'custom-fields': 'custom fields',
};

const width = Math.max(...Object.values(words).map(({ length }) => length));

const marks: Readonly<Record<LearnAmpCheck['result'], readonly [string, keyof Style]>> = {
  ok: ['ok', 'good'],
  note: ['note', 'warning'],
  failed: ['failed', 'bad'],
  skipped: ['-', 'faint'],
};

type Said = Pick<DoctorCheck, 'result' | 'says'>;

/** What it came to, what it is about, and a sentence. */
const line = (about: string, { result, says }: Said, style: Style): string => {
  const [mark, colour] = marks[result];
  return `${style[colour](mark.padEnd(6))}  ${about}  ${printable(says)}\n`;
};

/** One check as a line. */
export const checkLine = (check: LearnAmpCheck, style: Style): string =>
  line(words[check.check].padEnd(width), check, style);

type OwnName = Exclude<DoctorCheck['check'], `learn-amp-${LearnAmpCheck['check']}`>;

const ownWords: Readonly<Record<OwnName, string>> = {
  configuration: 'configuration',
  'preferences-details': 'details',
  'preferences-managers': 'managers',
  'preferences-teams': 'teams',
  'preferences-custom-fields': 'custom fields',
  'preferences-photos': 'photos',
  clock: 'clock',
  tenant: 'tenant',
  'sign-in': 'sign-in',
  credential: 'credential',
  graph: 'Microsoft Graph',
  'permission-users': 'reading people',
  'permission-groups': 'reading groups',
  'permission-notifications': 'notifying',
  'permissions-beyond': 'least rights',
  group: 'group',
  'group-kind': 'kind of group',
  people: 'people',
  nesting: 'nested groups',
  'hidden-members': 'hidden members',
  sample: 'sample',
  subscriptions: 'subscriptions',
  webhook: 'notified at',
  files: 'files',
  log: 'log',
};

const isOwn = (check: DoctorCheck['check']): check is OwnName => Object.hasOwn(ownWords, check);

const aboutOf = (check: DoctorCheck['check']): string =>
  isOwn(check) ? ownWords[check] : `Learn Amp: ${words[check.slice('learn-amp-'.length) as LearnAmpCheck['check']]}`;

const wide = 'Learn Amp: '.length + width;

const outcomes: Readonly<Record<NonNullable<DoctorCheck['people']>[number]['outcome'], string>> = {
  created: 'would get an account',
  linked: 'has an account',
  'linked-by-address': 'has an account under the same address',
  reactivated: 'has a deactivated account',
  'address-taken': 'has an address that is taken',
  'no-email': 'has no usable address',
  unreadable: 'cannot be read',
  'not-known': 'was not looked up',
};

/** One check as a line, and below it the people of a sample, where they are named. */
export const doctorLines = (check: DoctorCheck, style: Style): string =>
  [
    line(aboutOf(check.check).padEnd(wide), check, style),
    ...(check.people ?? []).map(
      ({ userId, displayName, outcome }) =>
        `${' '.repeat(8 + wide)}  ${printable(displayName ?? userId)} ${outcomes[outcome]}\n`,
    ),
  ].join('');

export const doctorConclusion = (checks: ReadonlyArray<DoctorCheck>): string => {
  const count = (result: DoctorCheck['result']): number => checks.filter((each) => each.result === result).length;
  const failed = count('failed');
  if (failed > 0) return `${counted(failed, 'check', 'checks')} failed. Nothing was written.\n`;
  if (count('skipped') > 0) return 'Not everything was looked at. Nothing was written.\n';
  const notes = count('note') === 0 ? '' : `, with ${counted(count('note'), 'note', 'notes')}`;
  return `Everything is as the sync relies on${notes}. Nothing was written.\n`;
};

export const conclusion = (checks: ReadonlyArray<LearnAmpCheck>): string => {
  const failed = checks.filter(({ result }) => result === 'failed').length;
  return failed === 0
    ? 'Learn Amp answers as the sync relies on. Nothing was written.\n'
    : `${counted(failed, 'check', 'checks')} failed. Nothing was written.\n`;
};
