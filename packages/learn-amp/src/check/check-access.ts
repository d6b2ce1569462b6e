import type { LearnAmpFailure } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { makeToldGate } from '../http/told-gate.js';
import { makeTokenSource } from '../http/token-source.js';
import type { RestClient } from '../rest/open-rest-client.js';
import { defaultScopes, parseBaseUrl, type LearnAmpSettings, type LearnAmpWorld } from '../rest/rest-settings.js';
import { failed, noAnswer, note, ok, skipped, type LearnAmpCheck } from './learn-amp-check.js';

const needed: ReadonlyArray<string> = defaultScopes.split(' ');
const never = new Set(['users:delete', 'teams:delete', 'teams:update', 'team_users:delete']);

type Asked = { readonly settings: LearnAmpSettings; readonly world: LearnAmpWorld; readonly signal: AbortSignal };

/** Which of the scopes are refused when each is asked for alone: the refusal of all together does not say. */
const refusedAlone = async ({ settings, world, signal }: Asked): Promise<ReadonlyArray<string>> => {
  const { auth, patienceMs, waitsAsTold } = settings;
  if (auth.kind !== 'client-credentials') return [];
  const base = parseBaseUrl(settings.baseUrl);
  const refused: Array<string> = [];
  const gate = makeToldGate(world);
  for (const scope of needed) {
    const tokens = makeTokenSource({ base, patienceMs, waitsAsTold, world, gate }, { ...auth, scope });
    const token = await tokens.token([signal]);
    if (E.isLeft(token) && token.left._tag === 'LearnAmpMissingScope') refused.push(scope);
  }
  return refused;
};

const missing = (scopes: ReadonlyArray<string>): LearnAmpCheck =>
  failed(
    'scopes',
    `The credentials lack ${scopes.join(', ')}: add ${scopes.length === 1 ? 'it' : 'them'} in Company Settings > API, and name all nine in learnAmp.auth.scope (or leave it out).`,
  );

const checkRefused = async (asked: Asked, failure: LearnAmpFailure): Promise<ReadonlyArray<LearnAmpCheck>> => {
  if (failure._tag !== 'LearnAmpMissingScope') return [noAnswer('credentials', failure), skipped('scopes')];
  const refused = await refusedAlone(asked);
  return [
    refused.length === needed.length
      ? failed(
          'credentials',
          'The client id and secret are right, and none of the scopes is granted: for credentials made before there were scopes set learnAmp.auth.scope to "".',
        )
      : ok('credentials', 'Learn Amp takes the client id and secret.'),
    refused.length > 0 ? missing(refused) : noAnswer('scopes', failure),
  ];
};

const checkGranted = (granted: string | undefined, auth: LearnAmpSettings['auth']): LearnAmpCheck => {
  if (granted === undefined)
    return note(
      'scopes',
      auth.kind === 'token'
        ? 'A fixed token does not say which scopes it has; each call will tell.'
        : 'Learn Amp did not say which scopes it granted; each call will tell.',
    );
  const scopes = granted.split(/\s+/).filter((scope) => scope !== '');
  if (scopes.includes('public'))
    return note(
      'scopes',
      'These are credentials with full access (public): credentials with the nine scopes can do less harm.',
    );
  const lacking = needed.filter((scope) => !scopes.includes(scope));
  if (lacking.length > 0) return missing(lacking);
  const tooMuch = scopes.filter((scope) => never.has(scope));
  return tooMuch.length > 0
    ? note('scopes', `All nine are granted; ${tooMuch.join(', ')} should not be, since nothing here is ever deleted.`)
    : ok('scopes', 'All nine scopes are granted, and none that deletes.');
};

export type Access = { readonly checks: ReadonlyArray<LearnAmpCheck>; readonly hasToken: boolean };

/** Asks for a token as the engine does. */
export const checkAccess = async (client: RestClient, asked: Asked): Promise<Access> => {
  const token = await client.tokens.token([asked.signal]);
  if (E.isLeft(token)) return { checks: await checkRefused(asked, token.left), hasToken: false };
  const checks = [
    ok(
      'credentials',
      asked.settings.auth.kind === 'token' ? 'A fixed token is used.' : 'Learn Amp takes the client id and secret.',
    ),
    checkGranted(client.tokens.granted(), asked.settings.auth),
  ];
  return { checks, hasToken: true };
};
