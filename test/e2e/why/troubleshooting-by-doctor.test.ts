import { readFile } from 'node:fs/promises';
import type { DoctorCheckName } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { openDoctor } from '../../support/doctor-stage.js';

type Doctor = Awaited<ReturnType<typeof openDoctor>>;

type Row = {
  /** As the page has it. */
  readonly seen: string;
  /** What the page calls the line, and its name. */
  readonly line: string;
  readonly check: DoctorCheckName;
  readonly preferences?: Readonly<Record<string, unknown>>;
  readonly happen?: (doctor: Doctor) => unknown;
  readonly says: RegExp;
};

const customFields = { employeeId: 'Badge' };

/** The product's troubleshooting table: a situation for each line that the page names. */
const rows: ReadonlyArray<Row> = [
  {
    seen: 'a user does not appear',
    line: 'reading groups',
    check: 'permission-groups',
    happen: ({ simulator: { directory } }) => {
      for (const permission of ['groups', 'group-subscriptions'] as const) directory.withdraw(permission);
    },
    says: /grant GroupMember\.Read\.All to the app and consent again/,
  },
  {
    seen: 'a user does not appear',
    line: 'people',
    check: 'people',
    happen: ({ simulator }) => simulator.directory.emptyGroup(simulator.scopeGroupId),
    says: /The group is empty.*Add people to it, or check groupId/,
  },
  {
    seen: 'a user does not appear',
    line: 'hidden members',
    check: 'hidden-members',
    happen: ({ simulator: { directory, scopeGroupId } }) => {
      directory.withdraw('hidden-members');
      directory.updateGroup(scopeGroupId, { visibility: 'HiddenMembership' });
    },
    says: /grant Member\.Read\.Hidden/,
  },
  {
    seen: 'a user does not appear',
    line: 'log',
    check: 'log',
    happen: async ({ run, simulator }) => {
      await run('sync --yes');
      simulator.directory.addUser({ displayName: 'Ann Lee', userPrincipalName: 'ann@fabrikam.example' });
      await run('pause --reason holidays');
    },
    says: /paused: nothing is read or sent until "resume"/,
  },
  {
    seen: 'a user does not update',
    line: 'details',
    check: 'preferences-details',
    preferences: { attributes: { jobTitle: null } },
    says: /switches them off: jobTitle\. A blocked sign-in changes nothing/,
  },
  {
    seen: 'a manager does not sync',
    line: 'managers',
    check: 'preferences-managers',
    preferences: { assignOverrideManagers: false },
    says: /assignOverrideManagers is off/,
  },
  {
    seen: 'teams have no hierarchy',
    line: 'teams',
    check: 'preferences-teams',
    says: /Teams are flat/,
  },
  {
    seen: 'custom fields stay empty',
    line: 'custom fields',
    check: 'preferences-custom-fields',
    says: /customFields is empty/,
  },
  {
    seen: 'custom fields stay empty',
    line: 'Learn Amp: custom fields',
    check: 'learn-amp-custom-fields',
    preferences: { customFields },
    says: /Badge/,
  },
  {
    seen: 'photos do not show',
    line: 'photos',
    check: 'preferences-photos',
    preferences: { syncPhotos: false },
    says: /syncPhotos is off/,
  },
];

describe('the troubleshooting table, by the doctor', () => {
  it.each(rows)('$seen: $line', async ({ check, preferences, happen, says }) => {
    const doctor = await openDoctor({}, preferences === undefined ? {} : { preferences });
    await happen?.(doctor);
    expect((await doctor.look()).of(check).says).toMatch(says);
  });

  it('is the one on the page, row by row and line by line', async () => {
    const page = await readFile(new URL('../../../docs/how-to/doctor.md', import.meta.url), 'utf8');
    const [, table = ''] = page.split('## The troubleshooting table');
    const cells = table
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| what is seen') && !line.startsWith('| --'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    const documented = cells.flatMap(([, seen = '', lines = '']) =>
      lines.split(', ').map((line) => `${seen}: ${line}`),
    );
    const tested = rows.map(({ seen, line }) => `${seen}: ${line}`);
    // The log line says for every row whether anything is synced at all.
    expect([...tested, 'a user does not update: log'].sort()).toEqual([...documented].sort());
  });
});
