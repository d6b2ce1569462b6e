import { json, noContent, type SimulatedRequest } from '../http/exchange.js';
import { type Route, route, type RouteHandler } from '../http/router.js';
import { accountPatch, requireIdentity, skipsInvitation } from './account-fields.js';
import { briefAccount, wholeAccount } from './account-views.js';
import { bodyFields, flagField } from './body-fields.js';
import { type LearnAmpContext, notFound, paginate, pathId, refuse, scoped } from './learn-amp-context.js';
import type { Account } from './learn-amp-model.js';

type Test = (account: Account) => boolean;

const contains = (value: string, part: string): boolean => value.toLowerCase().includes(part.toLowerCase());

/** Repeated, in brackets, or with commas: lists come in all of these. */
const listFilter = (query: URLSearchParams, name: string): ReadonlyArray<string> =>
  [...query.getAll(`filters[${name}]`), ...query.getAll(`filters[${name}][]`)].flatMap((value) =>
    value
      .replace(/^\[|\]$/g, '')
      .split(',')
      .map((part) => part.trim()),
  );

const ranges = (query: URLSearchParams): ReadonlyArray<Test> =>
  (
    [
      ['created_at', 'createdAt'],
      ['updated_at', 'updatedAt'],
      ['deactivated_at', 'deactivatedAt'],
    ] as const
  ).flatMap(([name, field]): ReadonlyArray<Test> => {
    const from = query.get(`filters[${name}][from]`);
    const to = query.get(`filters[${name}][to]`);
    const tests: Test[] = [];
    if (from !== null) tests.push((account) => (account[field] ?? '') >= from);
    // A day as the end of a range includes that day.
    if (to !== null) tests.push((account) => account[field] !== null && account[field].slice(0, to.length) <= to);
    return tests;
  });

const filters = (learnAmp: LearnAmpContext, query: URLSearchParams): Test => {
  const tests: Test[] = [...ranges(query)];
  const one = (name: string, test: (account: Account, value: string) => boolean): void => {
    const value = query.get(`filters[${name}]`);
    if (value !== null) tests.push((account) => test(account, value));
  };
  const statuses = listFilter(query, 'status');
  const teamIds = listFilter(query, 'team_ids').map(Number);
  if (statuses.length > 0) tests.push(({ status }) => statuses.includes(status));
  else if (!learnAmp.behaviour.listsDeactivated) tests.push(({ status }) => status !== 'deactivated');
  if (teamIds.length > 0) {
    tests.push((account) =>
      [account.primaryTeamId, ...account.secondaryTeamIds].some((id) => id !== null && teamIds.includes(id)),
    );
  }
  one('email', (account, value) =>
    learnAmp.behaviour.emailFilter === 'exact'
      ? account.email.toLowerCase() === value.toLowerCase()
      : contains(account.email, value),
  );
  one('integration_external_id', (account, value) => account.integrationExternalId === value);
  one('first_name', (account, value) => contains(account.firstName, value));
  one('last_name', (account, value) => contains(account.lastName, value));
  one('role', (account, value) => account.role === value);
  one(
    'no_team',
    (account, value) => value !== 'true' || (account.primaryTeamId === null && account.secondaryTeamIds.length === 0),
  );
  return (account) => tests.every((test) => test(account));
};

const seatsLeft = (learnAmp: LearnAmpContext): void => {
  const taken = learnAmp.model.accounts().filter(({ status }) => status !== 'deactivated').length;
  if (taken >= learnAmp.behaviour.seats()) refuse(422, 'The number of users in your plan has been reached');
};

const reactivate = (learnAmp: LearnAmpContext, account: Account): void => {
  if (account.status === 'deactivated') seatsLeft(learnAmp);
  learnAmp.model.effects.record('reactivation', account.id, account.status === 'deactivated');
  learnAmp.model.reactivate(account.id);
};

const update = (
  learnAmp: LearnAmpContext,
  account: Account,
  request: SimulatedRequest,
  needed: ReadonlyArray<string>,
): Account => {
  const fields = bodyFields(request);
  requireIdentity(fields, [
    ...needed,
    ...['email', 'firstName', 'lastName'].filter((name) => name in fields && !needed.includes(name)),
  ]);
  const patch = accountPatch(learnAmp, fields, account);
  if (flagField(fields, 'reactivate') === true) reactivate(learnAmp, account);
  const after = learnAmp.model.updateAccount(account.id, patch);
  if (typeof patch.primaryTeamId === 'number')
    learnAmp.model.effects.record('membership', account.id, patch.primaryTeamId !== account.primaryTeamId);
  return after;
};

/** Whoever reads this account knows from now on what was done to it. */
const shown = (learnAmp: LearnAmpContext, account: Account): Account => {
  for (const effect of ['deactivation', 'reactivation', 'membership'] as const)
    learnAmp.model.effects.look(effect, account.id);
  return account;
};

export const userRoutes = (learnAmp: LearnAmpContext): ReadonlyArray<Route> => {
  const { model } = learnAmp;
  const byId = (text = ''): Account => model.account(pathId(text)) ?? notFound();
  const byExternalId = (text = ''): Account => model.accountByExternalId(text) ?? notFound();
  const on = (method: string, path: string, scope: string, handle: RouteHandler): Route =>
    route(method, path, scoped(learnAmp, scope, handle));

  return [
    on('GET', 'v1/users', 'users:read', ({ request }) => {
      const found = model.accounts().filter(filters(learnAmp, request.query));
      const { shown: page, headers } = paginate(learnAmp, request, found);
      const expanded = request.query.get('expanded') === 'true';
      for (const account of page) shown(learnAmp, account);
      return json(
        200,
        { users: page.map((account) => (expanded ? wholeAccount(learnAmp, account) : briefAccount(account))) },
        headers,
      );
    }),
    on('POST', 'v1/users', 'users:create', ({ request }) => {
      const fields = bodyFields(request);
      requireIdentity(fields, ['email', 'firstName', 'lastName']);
      const patch = accountPatch(learnAmp, fields, undefined);
      seatsLeft(learnAmp);
      const silent = skipsInvitation(fields);
      const { email = '', firstName = '', lastName = '' } = patch;
      const account = model.addAccount({
        ...patch,
        email,
        firstName,
        lastName,
        status: silent ? 'not_invited' : 'invite_pending',
      });
      if (!silent) model.recordInvitation(account);
      return json(201, wholeAccount(learnAmp, account));
    }),
    on('GET', 'v1/users/by_integration_external_id/:', 'users:read', ({ parameters: [id] }) =>
      json(200, wholeAccount(learnAmp, shown(learnAmp, byExternalId(id)))),
    ),
    on('PUT', 'v1/users/by_integration_external_id/:', 'users:update', ({ request, parameters: [id] }) =>
      json(200, wholeAccount(learnAmp, update(learnAmp, byExternalId(id), request, []))),
    ),
    on('GET', 'v1/users/:', 'users:read', ({ parameters: [id] }) =>
      json(200, wholeAccount(learnAmp, shown(learnAmp, byId(id)))),
    ),
    on('PUT', 'v1/users/:', 'users:update', ({ request, parameters: [id] }) => {
      const needed = learnAmp.behaviour.updateNeedsIdentity ? ['email', 'firstName', 'lastName'] : [];
      return json(200, wholeAccount(learnAmp, update(learnAmp, byId(id), request, needed)));
    }),
    on('PUT', 'v1/users/:/deactivate', 'users:deactivate', ({ parameters: [id] }) => {
      const account = byId(id);
      const owners = model.accounts().filter(({ role, status }) => role === 'owner' && status !== 'deactivated');
      if (owners.length === 1 && owners[0]?.id === account.id) {
        refuse(learnAmp.behaviour.lastOwnerStatus, 'At least one owner must remain active');
      }
      model.effects.record('deactivation', account.id, account.status !== 'deactivated');
      model.deactivate(account.id);
      return noContent();
    }),
    on('PUT', 'v1/users/:/reactivate', 'users:reactivate', ({ parameters: [id] }) => {
      reactivate(learnAmp, byId(id));
      return noContent();
    }),
    on('DELETE', 'v1/users/:', 'users:delete', ({ parameters: [id] }) => {
      model.deleteAccount(byId(id).id);
      return noContent();
    }),
  ];
};
