import * as E from 'fp-ts/lib/Either.js';
import { clouds, type Configuration, type LearnAmpAuth } from './configuration.js';
import { fixedToken, graphAuth, secretShape } from './graph-auth-readers.js';
import {
  anyText,
  byKind,
  checked,
  type ConfigurationMistake,
  defaulted,
  mistake,
  oneOf,
  optional,
  own,
  positive,
  type Reader,
  record,
  required,
  text,
} from './reader.js';
import { secret, type SecretSources } from './secret.js';
import { graphPath, isLoopback, learnAmpPath, listenAddress, webAddress } from './web-address.js';

/**
 * What the client asks for by default: read and write people and teams, and no right to delete anything
 * (https://github.com/learnamp/api-docs, "Authentication").
 */
const learnAmpScope =
  'users:read users:create users:update users:deactivate users:reactivate ' +
  'teams:read teams:create team_users:read team_users:create';

const tokenOnLoopback = (input: unknown, path: string): ReadonlyArray<ConfigurationMistake> =>
  own(own(input, 'auth'), 'kind') === 'token' && !isLoopback(own(input, 'baseUrl'))
    ? [
        {
          path: `${path}.auth.kind`,
          message: `"token" is accepted only where ${path}.baseUrl is a loopback address`,
        },
      ]
    : [];

export const graph = (sources: SecretSources): Reader<Configuration['graph']> => {
  const reader = record<Configuration['graph']>({
    cloud: defaulted(oneOf(clouds), 'global'),
    baseUrl: optional(webAddress(graphPath)),
    auth: required(graphAuth(sources), 'how to sign in to Microsoft Graph'),
  });
  // Left out as a whole, it lacks the one key in it that has no default.
  return (input, path) => checked(reader, tokenOnLoopback)(input ?? {}, path);
};

const learnAmpAuth = (sources: SecretSources): Reader<LearnAmpAuth> =>
  byKind<LearnAmpAuth>({
    'client-credentials': record<Extract<LearnAmpAuth, { readonly kind: 'client-credentials' }>>({
      kind: oneOf(['client-credentials']),
      clientId: required(text, 'the client id of the credential in Company Settings > API'),
      clientSecret: required(secret(sources), secretShape),
      scope: defaulted(anyText, learnAmpScope),
    }),
    token: fixedToken(sources),
  });

export const learnAmp = (sources: SecretSources): Reader<Configuration['learnAmp']> =>
  checked(
    record<Configuration['learnAmp']>({
      baseUrl: required(webAddress(learnAmpPath), 'the address shown in Company Settings > API'),
      auth: required(learnAmpAuth(sources), 'how to sign in to Learn Amp'),
    }),
    tokenOnLoopback,
  );

export const notifications = defaulted(
  record<Configuration['notifications']>({
    publicUrl: optional(webAddress()),
    listen: optional(listenAddress),
  }),
  { publicUrl: undefined, listen: undefined },
);

const aYearInHours = 8784;
const aDayInSeconds = 86_400;
const pollSeconds = defaulted(positive({ whole: true, atMost: aDayInSeconds }), 300);
const fullSyncHours = defaulted(positive({ whole: false, atMost: aYearInHours }), 24);

export const schedule = defaulted(record<Configuration['schedule']>({ pollSeconds, fullSyncHours }), {
  pollSeconds: 300,
  fullSyncHours: 24,
});

export const patienceSeconds = defaulted(positive({ whole: false, atMost: aDayInSeconds }), 30);

export const connectionId: Reader<string> = (input, path) => {
  if (typeof input !== 'string' || !/^[a-z0-9][a-z0-9-]{0,62}$/.test(input))
    return mistake(path, 'must be 1 to 63 lower-case letters, digits and hyphens, and not start with a hyphen');
  // Streams of other kinds stand under these.
  const taken = ['tenant-', 'access-'].find((prefix) => input.startsWith(prefix));
  return taken === undefined ? E.right(input) : mistake(path, `must not start with "${taken}"`);
};
