import { json, noContent, type SimulatedRequest, type SimulatedResponse } from '../http/exchange.js';
import { type Route, route, type RouteHandler } from '../http/router.js';
import { briefAccount, briefTeam, teamMembers, wholeAccount, wholeTeam } from './account-views.js';
import { bodyFields, type Fields, flagField, integerField, listField, textField } from './body-fields.js';
import { type LearnAmpContext, notFound, paginate, pathId, refuse, scoped } from './learn-amp-context.js';
import type { Account, NewTeam, Team } from './learn-amp-model.js';
import { hashText } from '../random.js';

const tagsOf = (given: string): ReadonlyArray<string> =>
  given
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');

const externalIdFree = (
  learnAmp: LearnAmpContext,
  externalId: string | null | undefined,
  self: number | undefined,
): void => {
  const holder = learnAmp.model.teams().find((team) => team.integrationExternalId === externalId);
  if (externalId === null || externalId === undefined || holder === undefined || holder.id === self) return;
  if (self === undefined) learnAmp.model.effects.record('team', externalId, false);
  refuse(400, 'Integration external id has already been taken', { integrationExternalId: ['has already been taken'] });
};

const parentOf = (learnAmp: LearnAmpContext, fields: Fields): number | null | undefined => {
  const id = integerField(fields, 'parentTeamId');
  const name = textField(fields, 'parentTeamName');
  if (typeof id === 'number' && typeof name === 'string')
    return refuse(400, 'parentTeamId, parentTeamName are mutually exclusive');
  if (typeof id === 'number') {
    const message = 'must match existing teams IDs';
    return learnAmp.model.team(id)?.id ?? refuse(400, `parentTeamId ${message}`, { parentTeamId: [message] });
  }
  if (typeof name === 'string') {
    const message = 'must match existing teams names';
    return (
      learnAmp.model.teamsNamed(name)[0]?.id ?? refuse(400, `parentTeamName ${message}`, { parentTeamName: [message] })
    );
  }
  return id === undefined ? name : id;
};

const managerOf = (learnAmp: LearnAmpContext, fields: Fields): number | null | undefined => {
  const id = integerField(fields, 'managerId');
  const email = textField(fields, 'managerEmail');
  if (typeof id === 'number' && typeof email === 'string')
    return refuse(400, 'managerId, managerEmail are mutually exclusive');
  if (typeof id === 'number') {
    return learnAmp.model.account(id)?.id ?? refuse(400, 'managerId must match an existing user within your company');
  }
  if (typeof email === 'string') {
    return (
      learnAmp.model.accountByEmail(email)?.id ??
      refuse(400, 'managerEmail must match an existing user email within your company')
    );
  }
  return id === undefined ? email : id;
};

type TeamPatch = Omit<Partial<NewTeam>, 'name'>;

const shared = (learnAmp: LearnAmpContext, fields: Fields, self: number | undefined): TeamPatch => {
  const externalId = textField(fields, 'integrationExternalId');
  externalIdFree(learnAmp, externalId, self);
  const parentTeamId = parentOf(learnAmp, fields);
  const managerId = managerOf(learnAmp, fields);
  const tags = textField(fields, 'tags');
  return {
    ...(externalId === undefined ? {} : { integrationExternalId: externalId }),
    ...(parentTeamId === undefined ? {} : { parentTeamId }),
    ...(managerId === undefined ? {} : { managerId }),
    ...(tags === undefined ? {} : { tags: tagsOf(tags ?? '') }),
  };
};

const nameTaken = (learnAmp: LearnAmpContext, name: string, self: number | undefined): void => {
  if (learnAmp.behaviour.teamNamesRepeat) return;
  const taken = learnAmp.model
    .teams()
    .some((team) => team.id !== self && team.name.toLowerCase() === name.toLowerCase());
  if (taken) refuse(400, 'Name has already been taken', { name: ['has already been taken'] });
};

const create = (learnAmp: LearnAmpContext, request: SimulatedRequest): SimulatedResponse => {
  const fields = bodyFields(request);
  const name = textField(fields, 'name');
  if (name === undefined) return refuse(400, 'name is missing, name is empty', { name: ['is missing', 'is empty'] });
  if (name === null) return refuse(400, 'name is empty', { name: ['is empty'] });
  nameTaken(learnAmp, name, undefined);
  const team = learnAmp.model.addTeam({ ...shared(learnAmp, fields, undefined), name });
  if (team.integrationExternalId !== null) learnAmp.model.effects.record('team', team.integrationExternalId, true);
  return json(201, wholeTeam(learnAmp, team));
};

const update = (learnAmp: LearnAmpContext, team: Team, request: SimulatedRequest): SimulatedResponse => {
  const fields = bodyFields(request);
  const name = textField(fields, 'name');
  if (name === null) return refuse(400, 'name is empty', { name: ['is empty'] });
  if (name !== undefined) nameTaken(learnAmp, name, team.id);
  const after = learnAmp.model.updateTeam(team.id, {
    ...shared(learnAmp, fields, team.id),
    ...(name === undefined ? {} : { name }),
  });
  const extended = textField(fields, 'response') === 'Extended';
  return json(200, extended ? wholeTeam(learnAmp, after) : briefTeam(learnAmp, after));
};

const remove = (learnAmp: LearnAmpContext, team: Team): SimulatedResponse => {
  learnAmp.model.deleteTeam(team.id);
  return noContent();
};

/** One primary team, any number of others; the primary one is not among the others. */
const join = (learnAmp: LearnAmpContext, team: Team, account: Account, primary: boolean): void => {
  const isMember = account.primaryTeamId === team.id || (!primary && account.secondaryTeamIds.includes(team.id));
  const others = account.secondaryTeamIds.filter((id) => id !== team.id);
  if (primary) learnAmp.model.updateAccount(account.id, { primaryTeamId: team.id, secondaryTeamIds: others });
  else if (account.primaryTeamId !== team.id) {
    learnAmp.model.updateAccount(account.id, { secondaryTeamIds: [...others, team.id] });
  }
  learnAmp.model.effects.record('membership', account.id, !isMember);
};

const membership = (learnAmp: LearnAmpContext, team: Team, account: Account, fields: Fields): SimulatedResponse => {
  join(learnAmp, team, account, flagField(fields, 'isPrimary') ?? false);
  switch (textField(fields, 'response')) {
    case 'Teams::Simple':
      return json(201, briefTeam(learnAmp, team));
    case 'Teams::Extended':
      return json(201, wholeTeam(learnAmp, team));
    default:
      return json(201, { id: hashText(`${team.id}/${account.id}`) % 1_000_000, teamId: team.id, userId: account.id });
  }
};

const knownUser = (learnAmp: LearnAmpContext, id: unknown, name: string): Account => {
  const message = 'must match existing users IDs';
  return learnAmp.model.account(Number(id)) ?? refuse(400, `${name} ${message}`, { [name]: [message] });
};

const addOne = (learnAmp: LearnAmpContext, team: Team, request: SimulatedRequest): SimulatedResponse => {
  const fields = bodyFields(request);
  const id = integerField(fields, 'userId');
  if (typeof id !== 'number')
    return refuse(400, 'userId is missing, userId is empty', { userId: ['is missing', 'is empty'] });
  return membership(learnAmp, team, knownUser(learnAmp, id, 'userId'), fields);
};

const addMany = (learnAmp: LearnAmpContext, team: Team, request: SimulatedRequest): SimulatedResponse => {
  const fields = bodyFields(request);
  const ids = listField(fields, 'userIds') ?? [];
  if (ids.length === 0)
    return refuse(400, 'userIds is missing, userIds is empty', { userIds: ['is missing', 'is empty'] });
  const accounts = ids.map((id) => knownUser(learnAmp, id, 'userIds'));
  for (const account of accounts) join(learnAmp, team, account, flagField(fields, 'isPrimary') ?? false);
  return json(201, briefTeam(learnAmp, team));
};

/** Exactly one of the names must be given. */
const oneOf = (fields: Fields, names: ReadonlyArray<string>): { readonly name: string; readonly value: string } => {
  const given = names.flatMap((name) => {
    const value = textField(fields, name);
    return typeof value === 'string' ? [{ name, value }] : [];
  });
  const [first, second] = given;
  if (second !== undefined) return refuse(400, `${names.join(', ')} are mutually exclusive`);
  return first ?? refuse(400, `${names.join(', ')} are missing, exactly one parameter must be provided`);
};

const addByName = (learnAmp: LearnAmpContext, request: SimulatedRequest): SimulatedResponse => {
  const fields = bodyFields(request);
  const { name, value } = oneOf(fields, ['teamId', 'teamName', 'teamIntegrationExternalId']);
  const who = oneOf(fields, ['userId', 'userEmail']);
  const found = learnAmp.model.teams().find((team) => {
    if (name === 'teamId') return String(team.id) === value;
    return name === 'teamName' ? team.name === value : team.integrationExternalId === value;
  });
  const team =
    found ??
    (name === 'teamIntegrationExternalId'
      ? refuse(400, 'teamIntegrationExternalId must match an existing team integration external ID within your company')
      : refuse(400, `${name} must match an existing team within your company`));
  const account =
    (who.name === 'userId' ? learnAmp.model.account(Number(who.value)) : learnAmp.model.accountByEmail(who.value)) ??
    refuse(400, `${who.name} must match an existing user within your company`);
  return membership(learnAmp, team, account, fields);
};

const removeOne = (learnAmp: LearnAmpContext, team: Team, userId: string): SimulatedResponse => {
  const account = learnAmp.model.account(pathId(userId)) ?? notFound();
  const isMember = account.primaryTeamId === team.id || account.secondaryTeamIds.includes(team.id);
  if (!isMember) return notFound();
  learnAmp.model.updateAccount(account.id, {
    primaryTeamId: account.primaryTeamId === team.id ? null : account.primaryTeamId,
    secondaryTeamIds: account.secondaryTeamIds.filter((id) => id !== team.id),
  });
  return noContent();
};

const members = (learnAmp: LearnAmpContext, team: Team, request: SimulatedRequest): SimulatedResponse => {
  const { shown, headers } = paginate(learnAmp, request, teamMembers(learnAmp, team));
  return json(
    200,
    { ...briefTeam(learnAmp, team), users: shown.map((account) => wholeAccount(learnAmp, account)) },
    headers,
  );
};

const looked = (learnAmp: LearnAmpContext, team: Team): Team => {
  if (team.integrationExternalId !== null) learnAmp.model.effects.look('team', team.integrationExternalId);
  return team;
};

const list = (learnAmp: LearnAmpContext, request: SimulatedRequest): SimulatedResponse => {
  const name = request.query.get('filters[name]')?.toLowerCase();
  const tags = tagsOf(request.query.get('filters[tags]') ?? '');
  const found = learnAmp.model
    .teams()
    .filter((team) => name === undefined || team.name.toLowerCase().includes(name))
    .filter((team) => tags.length === 0 || team.tags.some((tag) => tags.includes(tag)));
  const { shown, headers } = paginate(learnAmp, request, found);
  for (const team of shown) looked(learnAmp, team);
  const view = (team: Team): Readonly<Record<string, unknown>> => ({
    ...briefTeam(learnAmp, team),
    parentTeamId: team.parentTeamId,
    secondaryManagers: team.secondaryManagerIds.flatMap((id) => {
      const manager = learnAmp.model.account(id);
      return manager === undefined ? [] : [briefAccount(manager)];
    }),
  });
  return json(200, { teams: shown.map(view) }, headers);
};

export const teamRoutes = (learnAmp: LearnAmpContext): ReadonlyArray<Route> => {
  const on = (method: string, path: string, scope: string, handle: RouteHandler): Route =>
    route(method, path, scoped(learnAmp, scope, handle));
  const byId = (text = ''): Team => learnAmp.model.team(pathId(text)) ?? notFound();
  const byExternalId = (text = ''): Team =>
    learnAmp.model.teams().find((team) => team.integrationExternalId === text) ?? notFound();

  /** Each call on one team exists by id and by external id. */
  const onOne = (prefix: string, find: (text?: string) => Team): ReadonlyArray<Route> => [
    on('GET', prefix, 'teams:read', ({ parameters: [id] }) =>
      json(200, wholeTeam(learnAmp, looked(learnAmp, find(id)))),
    ),
    on('PUT', prefix, 'teams:update', ({ request, parameters: [id] }) => update(learnAmp, find(id), request)),
    on('DELETE', prefix, 'teams:delete', ({ parameters: [id] }) => remove(learnAmp, find(id))),
    on('GET', `${prefix}/users`, 'team_users:read', ({ request, parameters: [id] }) =>
      members(learnAmp, find(id), request),
    ),
    on('GET', `${prefix}/users.json`, 'team_users:read', ({ request, parameters: [id] }) =>
      members(learnAmp, find(id), request),
    ),
    on('POST', `${prefix}/users`, 'team_users:create', ({ request, parameters: [id] }) =>
      addOne(learnAmp, find(id), request),
    ),
    on('POST', `${prefix}/bulk/users`, 'team_users:create', ({ request, parameters: [id] }) =>
      addMany(learnAmp, find(id), request),
    ),
    on('DELETE', `${prefix}/users/:`, 'team_users:delete', ({ parameters: [id, userId = ''] }) =>
      removeOne(learnAmp, find(id), userId),
    ),
  ];

  return [
    on('GET', 'v1/teams', 'teams:read', ({ request }) => list(learnAmp, request)),
    on('POST', 'v1/teams', 'teams:create', ({ request }) => create(learnAmp, request)),
    on('POST', 'v1/teams/users', 'team_users:create', ({ request }) => addByName(learnAmp, request)),
    ...onOne('v1/teams/by_external_id/:', byExternalId),
    ...onOne('v1/teams/:', byId),
  ];
};
