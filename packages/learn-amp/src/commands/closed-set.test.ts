import type { Command, Outcome } from '@learnamp/directory-sync-domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeLearnAmp, type FakeLearnAmp, type Fault } from '../testing/fake-learn-amp.js';
import { commandsFor, createUser, ensureTeam } from '../testing/made-commands.js';
import { openClient, run } from '../testing/open-client.js';

let fake: FakeLearnAmp;
beforeEach(async () => {
  fake = await startFakeLearnAmp();
  fake.addUser({ id: 7, email: 'ada@contoso.com', status: 'confirmed' });
  fake.addUser({ id: 8, email: 'gone@contoso.com', status: 'deactivated' });
});
afterEach(() => fake.close());

const ada = commandsFor(7);
const gone = commandsFor(8);
const newcomer = createUser({ identity: { email: 'new@contoso.com', firstName: 'New', lastName: 'Comer' } });

const refused = (
  status: number,
  error: string,
  fullErrors?: Readonly<Record<string, ReadonlyArray<string>>>,
): Fault => ({
  status,
  json: fullErrors === undefined ? { error } : { error, fullErrors },
});
const taken = ['has already been taken'];

type Row = readonly [name: string, command: Command, answer: Fault, outcome: unknown];
const rejected = (code: string, ...fields: ReadonlyArray<string>): unknown => ({ _tag: 'Rejected', code, fields });
const failed = (failure: Readonly<Record<string, unknown>>): unknown => ({ _tag: 'Failed', failure });

const ofOnePerson: ReadonlyArray<Row> = [
  [
    'validation',
    ada.update({ hireDate: 'never' }),
    refused(400, 'hireDate is invalid', { hireDate: ['is invalid'] }),
    rejected('validation', 'hireDate'),
  ],
  [
    'duplicate_email',
    ada.email('gone@contoso.com'),
    refused(400, 'Validation failed: Email has already been taken', { email: taken }),
    rejected('duplicate_email', 'email'),
  ],
  [
    'email_used_elsewhere',
    newcomer,
    refused(400, 'Validation failed: Email has already been taken', { email: taken }),
    rejected('email_used_elsewhere', 'email'),
  ],
  [
    'duplicate_external_id',
    ada.link(),
    refused(400, 'Validation failed: Integration external id has already been taken', { integrationExternalId: taken }),
    rejected('duplicate_external_id', 'integrationExternalId'),
  ],
  [
    'unknown_language',
    ada.email('new@contoso.com'),
    refused(400, 'language does not have a valid value'),
    rejected('unknown_language', 'language'),
  ],
  [
    'unknown_manager, which is deferred',
    ada.manager(99),
    refused(400, 'managerId must match an existing user within your company'),
    { _tag: 'Deferred', on: 'manager-inactive' },
  ],
  [
    'unknown_team',
    ada.team(99),
    refused(400, 'primaryTeamId must match existing teams IDs'),
    rejected('unknown_team', 'primaryTeamId'),
  ],
  [
    'unknown_custom_field',
    ada.fields({ Shoe: '43' }),
    refused(404, 'Not found'),
    rejected('unknown_custom_field', 'Shoe'),
  ],
  [
    'required_custom_field',
    ada.fields({ 'Cost centre': null }),
    refused(400, "Validation failed: Value can't be blank", { value: ["can't be blank"] }),
    rejected('required_custom_field', 'Cost centre'),
  ],
  ['not_found', commandsFor(99).update({ jobTitle: 'X' }), refused(404, 'Not found'), rejected('not_found')],
  ['last_owner', ada.deactivate(), refused(422, 'At least one owner must remain active'), rejected('last_owner')],
  [
    'no_seats, of a creation',
    newcomer,
    refused(422, 'The number of users in your plan has been reached'),
    rejected('no_seats'),
  ],
  [
    'no_seats, of a reactivation',
    gone.reactivate(),
    refused(422, 'You have no more seats, please contact us'),
    rejected('no_seats'),
  ],
  ['protocol', newcomer, { status: 418, text: '<html>' }, rejected('protocol')],
  ['protocol', ensureTeam('Sales'), { status: 418, text: '<html>' }, rejected('protocol')],
];

const ofTheRun: ReadonlyArray<Row> = [
  ['unauthorised', ada.update({}), refused(401, 'Unauthorized'), failed({ _tag: 'LearnAmpCredentials' })],
  ...(
    [
      [newcomer, 'users:create'],
      [ada.update({}), 'users:update'],
      [ada.deactivate(), 'users:deactivate'],
      [gone.reactivate(), 'users:reactivate'],
      [ensureTeam('Sales'), 'teams:create'],
    ] as const
  ).map(([command, scope]): Row => [
    `missing_scope ${scope}`,
    command,
    refused(403, 'Forbidden'),
    failed({ _tag: 'LearnAmpMissingScope', scope, detail: expect.stringContaining(scope) as unknown }),
  ]),
  [
    'rate_limited',
    ada.update({}),
    { status: 429, headers: { 'retry-after': '900' } },
    failed({ _tag: 'LearnAmpThrottled', retryAt: '2026-03-02T08:15:00.000Z' }),
  ],
  ['unsupported, without a request', ada.avatar(), { status: 500 }, { _tag: 'Unsupported' }],
  [
    'a page of a proxy that blocks',
    ada.update({}),
    { status: 403, text: '<html>' },
    failed({ _tag: 'LearnAmpProtocol' }),
  ],
];

/** FOUND the shapes of refusals; ASSUMED the wording of those about seats, owners and addresses. */
describe('what Learn Amp refuses is one of a closed set', () => {
  const write = (fault: Fault): void => {
    fake.plan.before = ({ method, path }) => (method === 'GET' || path === '/oauth/token' ? undefined : fault);
  };
  const outcomeOf = async (command: Command, fault: Fault): Promise<Outcome | undefined> => {
    write(fault);
    return (await run(openClient(fake.baseUrl), [command]))[0];
  };

  it.each(ofOnePerson)('%s, of one person alone', async (_name, command, fault, outcome) => {
    expect(await outcomeOf(command, fault)).toEqual(outcome);
  });

  it.each(ofTheRun)('%s', async (_name, command, fault, outcome) => {
    expect(await outcomeOf(command, fault)).toMatchObject(outcome as object);
  });

  it('unavailable: a write that may have been applied stays open, a look-up that fails ends the run', async () => {
    expect(await outcomeOf(ada.update({ jobTitle: 'X' }), { status: 503 })).toEqual({ _tag: 'Unknown' });
    fake.plan.before = ({ path }) => (path === '/oauth/token' ? undefined : { status: 500 });
    expect(await run(openClient(fake.baseUrl), [ada.deactivate()])).toMatchObject([
      { _tag: 'Failed', failure: { _tag: 'LearnAmpUnreachable' } },
    ]);
  });
});
