import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phaseOf, profileFields, type Command } from '../commands.js';
import { desire } from '../desire/desire.js';
import type { ObjectId } from '../ids.js';
import type { Preferences } from '../preferences/preferences.js';
import { ann, ben, cleo, dan, openCompany, type Company } from '../testing/company.js';
import type { ModelOptions } from '../testing/model-learn-amp.js';

const people = [ann, ben, cleo, dan] as const;
const somebody = fc.constantFrom(...people);

/** One thing that happens in a company: in the directory, or by hand at Learn Amp, where a look then sees it. */
type Edit = { readonly what: unknown; readonly happens: (company: Company) => void };

const edits = <T>(
  name: string,
  given: fc.Arbitrary<T>,
  happens: (company: Company, values: T) => void,
): fc.Arbitrary<Edit> =>
  given.map((values) => ({
    what: [name, values],
    happens: (company) => {
      happens(company, values);
    },
  }));

const inScope = (company: Company, userId: ObjectId): boolean => company.person(userId)?.inScope === true;

const look = (company: Company, userId: ObjectId): void => {
  const account = company.accountOf(userId);
  if (account !== undefined) company.record({ type: 'LearnAmpUserObserved', data: { userId, account } });
};

const attributes = fc.record(
  {
    userPrincipalName: fc.constantFrom('ann@contoso.com', 'ben@contoso.com', 'x@contoso.com', 'CLEO@contoso.com'),
    givenName: fc.constantFrom('Ann', null),
    jobTitle: fc.constantFrom('a', 'b', null),
    department: fc.constantFrom('Sales', 'sales', 'Research', null),
    officeLocation: fc.constantFrom('Berlin', null),
    preferredLanguage: fc.constantFrom('de', 'tlh', null),
    employeeHireDate: fc.constantFrom('2024-04-01', 'soon', null),
    employeeId: fc.constantFrom('7', '8', null),
  },
  { requiredKeys: [] },
);
const manager = fc.option(somebody, { nil: null });

const join = edits(
  'join',
  fc.tuple(somebody, attributes, manager, fc.boolean()),
  (company, [userId, values, managerId, accountEnabled]) => {
    if (!inScope(company, userId)) company.join(userId, values, { managerId, accountEnabled });
  },
);
const leave = edits(
  'leave',
  fc.tuple(somebody, fc.boolean(), fc.boolean()),
  (company, [userId, confirmed, deleted]) => {
    if (inScope(company, userId)) company.leave(userId, { confirmed, deleted });
  },
);
const events = [
  'UserPrincipalNameChanged',
  'GivenNameChanged',
  'JobTitleChanged',
  'DepartmentChanged',
  'OfficeLocationChanged',
  'PreferredLanguageChanged',
  'HireDateChanged',
] as const;
const change = edits(
  'change',
  fc.tuple(somebody, fc.constantFrom(...events), fc.constantFrom('ann@contoso.com', 'new@contoso.com', 'x', null)),
  (company, [userId, type, to]) => {
    const value = type === 'UserPrincipalNameChanged' && to?.includes('@') !== true ? 'own@contoso.com' : to;
    if (inScope(company, userId)) company.tell(userId, type, value);
  },
);
/** As `change`, with addresses that nobody else wants. */
const changeApart = edits(
  'change apart',
  fc.tuple(somebody, fc.constantFrom(...events), fc.constantFrom('new', 'x', null)),
  (company, [userId, type, to]) => {
    company.tell(userId, type, type === 'UserPrincipalNameChanged' ? `${userId}.${to ?? 'y'}@contoso.com` : to);
  },
);
const manage = edits('manage', fc.tuple(somebody, manager), (company, [userId, managerId]) => {
  if (inScope(company, userId)) company.manage(userId, managerId);
});
const block = edits(
  'block',
  fc.tuple(somebody, fc.constantFrom('AccountBlocked' as const, 'AccountUnblocked' as const)),
  (company, [userId, type]) => {
    if (inScope(company, userId)) company.record({ type, data: { userId } });
  },
);
const restore = edits('restore', somebody, (company, userId) => {
  if (company.person(userId)?.deleted !== undefined) company.record({ type: 'UserRestored', data: { userId } });
});
const deactivateByHand = edits('deactivate by hand', somebody, (company, userId) => {
  const account = company.accountOf(userId);
  if (account === undefined || !inScope(company, userId)) return;
  company.learnAmp.accounts.set(account.learnAmpUserId, { ...account, status: 'deactivated', primaryTeam: null });
  look(company, userId);
});
const seen = edits('look', somebody, look);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: join },
  { weight: 2, arbitrary: leave },
  { weight: 4, arbitrary: change },
  { weight: 2, arbitrary: manage },
  { weight: 1, arbitrary: block },
  { weight: 1, arbitrary: restore },
  { weight: 1, arbitrary: deactivateByHand },
  { weight: 1, arbitrary: seen },
);
const story = fc.array(fc.array(edit, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 });

const preferences: fc.Arbitrary<Partial<Preferences>> = fc.record({
  invitations: fc.constantFrom('immediate' as const, 'manual' as const),
  assignOverrideManagers: fc.boolean(),
  blanks: fc.constantFrom('clear' as const, 'keep' as const),
  deactivateBlockedAccounts: fc.boolean(),
  adoptByEmail: fc.boolean(),
  graceRounds: fc.constantFrom(0, 1),
  neverDeactivate: fc.constantFrom([], [ann]),
  externalId: fc.constantFrom('integrationExternalId' as const, 'none' as const, { customField: 'Entra id' }),
  customFields: fc.constantFrom({}, { employeeId: 'Number' }),
});

const staffed = (given: Partial<Preferences>, showsAccounts: boolean, refuses?: ModelOptions['refuses']): Company => {
  const company = openCompany(given, { showsAccounts, refuses });
  // Somebody of the company who is nobody's business, and an account that Ben could adopt.
  company.learnAmp.add({ email: 'owner@contoso.com' });
  company.learnAmp.add({ email: 'ben@contoso.com', jobTitle: 'By hand', externalId: 'HR-1' });
  return company;
};

const notesOf = (company: Company, userId: ObjectId) => company.plan(userId).notes.map(({ kind }) => kind);

/** Written from the promises, not from the planner: what Learn Amp must hold of everybody nothing stands in the way of. */
const check = (company: Company): void => {
  const { deactivateBlockedAccounts, neverDeactivate, graceRounds, blanks } = company.preferences;
  for (const userId of people) {
    const person = company.person(userId);
    const account = company.accountOf(userId);
    if (person === undefined) {
      expect(account).toBeUndefined();
      continue;
    }
    const wanted = person.inScope && (person.accountEnabled || !deactivateBlockedAccounts);
    if (!wanted) {
      const out = person.inScope || (person.leave?.confirmations ?? 0) > graceRounds;
      if (account !== undefined && out && !neverDeactivate.includes(userId)) expect(account.status).toBe('deactivated');
      continue;
    }
    const desired = desire(company.preferences, person);
    const obstacles = notesOf(company, userId).filter((kind) => kind !== 'deferred' && kind !== 'unmapped-language');
    if (account === undefined) {
      expect(company.plan(userId).notes.length).toBeGreaterThan(0);
      continue;
    }
    expect(account.status).not.toBe('deactivated');
    expect(account).toMatchObject({ firstName: desired.firstName, lastName: desired.lastName });
    const waits = company.plan(userId).notes.some(({ reason }) => reason.startsWith('address'));
    if (obstacles.length === 0 && !waits) expect(account.email.toLowerCase()).toBe(desired.email);
    for (const field of profileFields) {
      const want = desired.profile[field];
      if (typeof want === 'string') expect([field, account[field]]).toEqual([field, want]);
      if (want === null && blanks === 'clear') expect([field, account[field]]).toEqual([field, null]);
    }
    if (desired.team !== undefined) expect(account.primaryTeam?.name).toBe(desired.team.key);
    const boss = person.managerId ? company.person(person.managerId) : undefined;
    const bossAccount = person.managerId ? company.accountOf(person.managerId) : undefined;
    const isAround = boss?.inScope === true && (boss.accountEnabled || !deactivateBlockedAccounts);
    const isManaged = isAround && boss.deleted === undefined && person.managerId !== userId;
    if (company.preferences.assignOverrideManagers && isManaged && bossAccount?.status !== 'deactivated' && bossAccount)
      expect(account.managerLearnAmpUserId).toBe(bossAccount.learnAmpUserId);
  }
};

/** Whether a command may be sent at all, from what stood right before it. */
const checkCommand = (company: Company, command: Command): void => {
  if (command.kind === 'EnsureTeam') return;
  const person = company.person(command.userId);
  expect(person?.everInScope).toBe(true);
  const { link } = company.delivered(command.userId);
  if (command.kind === 'CreateUser') {
    expect(link).toBeUndefined();
    expect(person?.inScope).toBe(true);
    expect(command.invite).toBe(company.preferences.invitations === 'immediate' ? 'now' : 'none');
    return;
  }
  if (link !== undefined) expect(command.learnAmpUserId).toBe(link);
  if (command.kind !== 'DeactivateUser') return;
  expect(link).toBeDefined();
  const blocked = company.preferences.deactivateBlockedAccounts && person?.accountEnabled === false;
  const confirmed = person?.inScope === false && (person.leave?.confirmations ?? 0) > company.preferences.graceRounds;
  expect(blocked || confirmed).toBe(true);
  expect(company.preferences.neverDeactivate).not.toContain(command.userId);
};

const settleChecked = (company: Company): void => {
  for (let round = 0; round < 40; round++) {
    const [first, ...rest] = company.wanted();
    if (first === undefined) return;
    for (const command of [first, ...rest]) checkCommand(company, command);
    company.send(
      company.learnAmp,
      [first, ...rest].filter(({ kind }) => phaseOf[kind] === phaseOf[first.kind]),
    );
  }
  throw new Error(`There is no end of it: ${JSON.stringify(company.wanted())}`);
};

describe('whatever happens in a company', () => {
  it('plans end; Learn Amp then holds what was promised, and nothing more is wanted or told', () => {
    fc.assert(
      fc.property(story, preferences, fc.boolean(), (chapters, given, showsAccounts) => {
        const company = staffed(given, showsAccounts);
        for (const chapter of chapters) {
          for (const { happens } of chapter) happens(company);
          settleChecked(company);
          for (const userId of people)
            expect(company.plan(userId)).toMatchObject({ commands: [], leaver: undefined, standing: [] });
          check(company);
        }
        // Nobody ever gets two accounts, and nobody outside was touched.
        const links = people.flatMap((userId) => company.delivered(userId).link ?? []);
        expect(new Set(links).size).toBe(links.length);
        expect([...company.learnAmp.accounts.values()][0]).toMatchObject({
          email: 'owner@contoso.com',
          status: 'confirmed',
        });
        for (const userId of people)
          expect(
            [...company.learnAmp.accounts.values()].filter(({ externalId }) => externalId === userId).length,
          ).toBeLessThan(2);
      }),
      { numRuns: 400 },
    );
  });

  it('one plan is enough for linked people whose accounts stay active (a whole plan in one go, without a second look)', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(changeApart, manage), { maxLength: 8 }), preferences, (changes, given) => {
        const company = openCompany({ ...given, deactivateBlockedAccounts: false });
        for (const userId of people) company.join(userId, { userPrincipalName: `${userId}@contoso.com` });
        company.sync();
        for (const department of ['x', 'new', 'Sales']) {
          company.tell(dan, 'DepartmentChanged', department);
          company.sync();
        }
        for (const { happens } of changes) happens(company);
        company.send(company.learnAmp, company.wanted());
        expect(company.wanted()).toEqual([]);
      }),
    );
  });

  it('a command that was refused is never sent twice with the same content', () => {
    const kinds = fc.subarray(
      [
        'CreateUser',
        'LinkUser',
        'UpdateProfile',
        'ChangeEmail',
        'SetPrimaryTeam',
        'DeactivateUser',
        'ReactivateUser',
        'SetCustomFields',
        'SetOverrideManager',
      ] as const,
      { minLength: 1 },
    );
    fc.assert(
      fc.property(story, preferences, kinds, (chapters, given, refusedKinds) => {
        const refused: Command[] = [];
        const company = staffed(given, true, (command) => {
          if (!(refusedKinds as ReadonlyArray<string>).includes(command.kind)) return undefined;
          refused.push(command);
          return 'validation';
        });
        for (const chapter of chapters) {
          for (const { happens } of chapter) happens(company);
          const before = refused.length;
          settleChecked(company);
          // Within one chapter nothing changes but by receipts.
          const contents = refused.slice(before).map((command) => JSON.stringify(command));
          expect(new Set(contents).size).toBe(contents.length);
          settleChecked(company);
          expect(company.wanted()).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });
});
