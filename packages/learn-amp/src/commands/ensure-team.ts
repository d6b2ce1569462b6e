import type { CommandOf, LearnAmpFailure, Outcome } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { pathSegment } from '../http/path-segment.js';
import type { Exchange } from '../http/send.js';
import type { LearnAmpTeam } from '../learn-amp-port.js';
import { listPages, type Listing } from '../rest/list-pages.js';
import { isNotFound, isSuccess, readOne } from '../rest/read-answer.js';
import type { RestContext } from '../rest/rest-context.js';
import { matchTeams, teamExternalId } from '../rest/team-directory.js';
import { decodeTeam } from '../wire/decode-team.js';
import { readRefusal } from '../wire/read-refusal.js';
import { askTwice } from './ask-twice.js';
import type { Dispatch } from './dispatch.js';
import { failed, notLookedUp, rejected, unanswered, unknown } from './outcomes.js';

type EnsureTeam = CommandOf<'EnsureTeam'>;
type Matches = E.Either<LearnAmpFailure, ReadonlyArray<LearnAmpTeam>>;

export const teamsListing = (filters: ReadonlyArray<readonly [string, string]>): Listing<LearnAmpTeam> => ({
  route: 'GET /v1/teams',
  path: '/v1/teams',
  scope: 'teams:read',
  query: filters,
  key: 'teams',
  decode: decodeTeam,
  idOf: (team) => team.teamId,
});

/** The turn of the list; no team's external id, which has a colon in it. */
const wholeList = 'list';

const findByName = async (
  context: RestContext,
  { teamKey, name }: EnsureTeam,
  signal?: AbortSignal,
): Promise<Matches> => {
  const teams: Array<LearnAmpTeam> = [];
  for await (const page of listPages(context.send, teamsListing([['filters[name]', name]]), signal)) {
    if (E.isLeft(page)) return page;
    teams.push(...page.right);
  }
  return E.right(matchTeams(teams, teamKey));
};

const findByExternalId = async (
  context: RestContext,
  { teamKey }: EnsureTeam,
  signal?: AbortSignal,
): Promise<Matches> => {
  const route = 'GET /v1/teams/by_external_id/{id}';
  const path = `/v1/teams/by_external_id/${pathSegment(teamExternalId(teamKey))}`;
  const answered = await context.send({ method: 'GET', route, path, scope: 'teams:read' }, signal);
  if (E.isLeft(answered)) return E.left(answered.left.failure);
  return E.map((team: LearnAmpTeam | undefined) => (team === undefined ? [] : [team]))(
    readOne(route, decodeTeam, answered.right),
  );
};

const findAnyway = async (context: RestContext, command: EnsureTeam, signal?: AbortSignal): Promise<Matches> => {
  const ours = await findByExternalId(context, command, signal);
  return E.isRight(ours) && ours.right.length === 0 ? findByName(context, command, signal) : ours;
};

/** What is there already: `undefined` where nothing is. */
const existing = (matches: ReadonlyArray<LearnAmpTeam>, result: 'noop' | 'found'): Outcome | undefined => {
  const [team, ...others] = matches;
  if (team === undefined) return undefined;
  // Which of two equal names is meant, nobody here can know.
  if (others.length > 0) return rejected('ambiguous_team', ['name']);
  return { _tag: 'Succeeded', result, teamId: team.teamId };
};

const remember = (context: RestContext, matches: Matches): void => {
  if (E.isRight(matches)) for (const team of matches.right) context.teams.add(team);
};

/** After a creation without an answer: is it there? */
const recover = async (context: RestContext, { command, signal }: Dispatch<EnsureTeam>): Promise<Outcome> => {
  const matches = await askTwice(context.world, signal, async () => {
    const found = await findAnyway(context, command, signal);
    return E.isRight(found) && found.right.length === 0 ? undefined : found;
  });
  if (matches === undefined || E.isLeft(matches)) return unknown;
  remember(context, matches);
  return existing(matches.right, 'found') ?? unknown;
};

const create = async (context: RestContext, dispatch: Dispatch<EnsureTeam>): Promise<Outcome> => {
  const { command, signal } = dispatch;
  const body = new Map([
    ['name', command.name],
    ['integrationExternalId', teamExternalId(command.teamKey)],
  ]);
  const exchange: Exchange = {
    method: 'POST',
    route: 'POST /v1/teams',
    path: '/v1/teams',
    body,
    scope: 'teams:create',
  };
  const answered = await context.send(exchange, signal);
  if (E.isLeft(answered)) return answered.left.maybeApplied ? recover(context, dispatch) : unanswered(answered.left);
  const answer = answered.right;
  if (isSuccess(answer)) {
    const team = readOne(exchange.route, decodeTeam, answer);
    if (E.isLeft(team) || team.right === undefined) return recover(context, dispatch);
    context.teams.add(team.right);
    return { _tag: 'Succeeded', result: 'created', teamId: team.right.teamId };
  }
  // Most likely somebody made it a moment ago, or renamed ours by hand: then it carries our external id.
  const matches = await findAnyway(context, command, signal);
  if (E.isLeft(matches)) return notLookedUp(matches.left);
  remember(context, matches);
  const refusal = readRefusal(answer);
  return (
    existing(matches.right, dispatch.unknown ? 'found' : 'noop') ??
    (refusal.readable && !isNotFound(answer) ? rejected('validation', refusal.fields) : rejected('protocol'))
  );
};

/**
 * Reads every team once and keeps them, whoever asks. `filters[name]` would be one request less where a company has many teams, but
 * whether it matches exactly, by part or by case is not documented: it can show that a team is there, not that it is missing.
 */
const readTeams = (context: RestContext, signal?: AbortSignal): Promise<E.Either<LearnAmpFailure, void>> =>
  context.teams.inTurn(wholeList, async () => {
    if (context.teams.complete()) return E.right(undefined);
    const listed: Array<LearnAmpTeam> = [];
    for await (const page of listPages(context.send, teamsListing([]), signal)) {
      if (E.isLeft(page)) return page;
      listed.push(...page.right);
    }
    context.teams.replace(listed);
    return E.right(undefined);
  });

const look = async (
  context: RestContext,
  { command, unknown: sentBefore, signal }: Dispatch<EnsureTeam>,
): Promise<Matches> => {
  if (sentBefore) return findAnyway(context, command, signal);
  const read = await readTeams(context, signal);
  return E.isLeft(read) ? read : E.right(context.teams.matching(command.teamKey));
};

/**
 * One team per key. Served from the list of teams, which the engine has usually read already in this process; where an earlier attempt may have
 * arrived, Learn Amp itself is asked.
 */
export const ensureTeam = (context: RestContext, dispatch: Dispatch<EnsureTeam>): Promise<Outcome> =>
  context.teams.inTurn(teamExternalId(dispatch.command.teamKey), async () => {
    const matches = await look(context, dispatch);
    if (E.isLeft(matches)) return dispatch.unknown ? notLookedUp(matches.left) : failed(matches.left);
    return existing(matches.right, dispatch.unknown ? 'found' : 'noop') ?? create(context, dispatch);
  });
