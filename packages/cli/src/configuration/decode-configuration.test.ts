import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { environment, fakePreferences, GRAPH_CANARY, GUID, soundConfiguration } from '../testing/test-configuration.js';
import { type Configuration, secretsOf } from './configuration.js';
import { decodeConfiguration } from './decode-configuration.js';

const files: Readonly<Record<string, string>> = {
  '/etc/sync/secret': 'from-the-file\n',
  '/etc/sync/empty': '\n',
  '/etc/sync/two': 'one\ntwo\n',
  '/etc/sync/cluster': 'esdb://engine:from%20the%20file@a:2113,b:2113?tlsCAFile=ca.crt\n',
};

/** A log in a cluster, and the two files that must then be named. */
const cluster = (connectionString: unknown): Readonly<Record<string, unknown>> => ({
  eventLog: { kind: 'eventstoredb', connectionString },
  keys: { path: './keys' },
  local: { path: './local' },
});

const sources = {
  environment: { ...environment, EMPTY: '', TOKEN_ITSELF: `head.${'x'.repeat(80)}.tail` },
  folder: '/etc/sync',
  readFile: (path: string): string => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(`no such file ${path}`), { code: 'ENOENT' });
    return text;
  },
  readBytes: (path: string): Uint8Array => Buffer.from(sources.readFile(path), 'latin1'),
};

type Change = Readonly<Record<string, unknown>>;

/** The sound configuration with the values at some paths replaced; `undefined` takes a key out. */
const changed = (changes: Change): unknown => {
  const copy = structuredClone(soundConfiguration) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    let node = copy;
    for (const key of keys.slice(0, -1)) node = (node[key] ??= {}) as Record<string, unknown>;
    const last = keys.at(-1) ?? '';
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a key that is not there is the case under test
    if (value === undefined) delete node[last];
    else node[last] = value;
  }
  return copy;
};

const decode = (input: unknown) => decodeConfiguration(input, sources, fakePreferences);

const mistakesOf = async (input: unknown): Promise<ReadonlyArray<readonly [string, string]>> => {
  const read = await decode(input);
  return E.isLeft(read) ? read.left.map(({ path, message }) => [path, message] as const) : [];
};

const decoded = async (input: unknown): Promise<Configuration> => {
  const read = await decode(input);
  if (E.isLeft(read)) throw new Error(JSON.stringify(read.left));
  return read.right;
};

describe('a sound configuration', () => {
  test('takes its defaults', async () => {
    const configuration = await decoded(soundConfiguration);
    expect(configuration).toMatchObject({
      connectionId: 'contoso',
      storage: {
        kind: 'sqlite',
        logPath: '/etc/sync/contoso.db',
        keysPath: '/etc/sync/contoso.db.keys',
        localPath: '/etc/sync/contoso.db.local',
      },
      graph: { cloud: 'global', baseUrl: undefined },
      schedule: { pollSeconds: 300, fullSyncHours: 24 },
      patienceSeconds: 30,
      accessLog: true,
    });
    expect(configuration.learnAmp.auth).toMatchObject({
      scope:
        'users:read users:create users:update users:deactivate users:reactivate ' +
        'teams:read teams:create team_users:read team_users:create',
    });
  });

  test('may give every key of the reference', async () => {
    const configuration = await decoded({
      ...soundConfiguration,
      tenantId: GUID.toUpperCase(),
      eventLog: { kind: 'sqlite', path: './data/log.db' },
      graph: {
        cloud: 'usgov',
        baseUrl: 'https://graph.microsoft.us/v1.0/',
        auth: {
          kind: 'client-secret',
          authority: 'https://login.microsoftonline.us',
          clientId: GUID,
          clientSecret: { file: 'secret' },
        },
      },
      learnAmp: { ...soundConfiguration.learnAmp, auth: { ...soundConfiguration.learnAmp.auth, scope: '' } },
      preferences: { blanks: 'keep' },
      notifications: { publicUrl: 'https://host.example/notifications', listen: '127.0.0.1:8080' },
      schedule: { pollSeconds: 60, fullSyncHours: 12 },
      keys: { path: '/var/keys' },
      local: { path: './data/local' },
      patienceSeconds: 5,
      accessLog: false,
    });
    expect(configuration).toMatchObject({
      tenantId: GUID,
      storage: { logPath: '/etc/sync/data/log.db', keysPath: '/var/keys', localPath: '/etc/sync/data/local' },
      graph: { cloud: 'usgov', baseUrl: 'https://graph.microsoft.us/v1.0' },
      learnAmp: { auth: { scope: '' } },
      preferences: { blanks: 'keep' },
      patienceSeconds: 5,
      accessLog: false,
    });
    expect(configuration.graph.auth.kind === 'client-secret' && configuration.graph.auth.clientSecret.reveal()).toBe(
      'from-the-file',
    );
  });

  test('may sign in by a fixed token where both ends are loopback addresses', async () => {
    const token = { kind: 'token', token: { env: 'GRAPH_CLIENT_SECRET' } };
    const configuration = await decoded({
      ...soundConfiguration,
      graph: { baseUrl: 'http://127.0.0.1:9000/v1.0', auth: token },
      learnAmp: { baseUrl: 'http://localhost:9001', auth: token },
      eventLog: { kind: 'memory' },
    });
    expect(configuration.storage).toEqual({ kind: 'memory' });
    expect(configuration.learnAmp.baseUrl).toBe('http://localhost:9001');
  });

  test('may keep its log in a cluster, whose login comes from where secrets come from', async () => {
    const { storage } = await decoded({ ...soundConfiguration, ...cluster({ file: 'cluster' }) });
    expect(storage).toMatchObject({ kind: 'eventstoredb', keysPath: '/etc/sync/keys', localPath: '/etc/sync/local' });
    expect(storage.kind === 'eventstoredb' && storage.connectionString.reveal()).toBe(
      // Files are named from the folder of the configuration, as everywhere in it.
      `esdb://engine:from%20the%20file@a:2113,b:2113?tlsCAFile=${encodeURIComponent('/etc/sync/ca.crt')}`,
    );
    expect(JSON.stringify(storage)).not.toContain('engine');
  });

  test.each([
    'esdb://localhost:2113?tls=false',
    'esdb://localhost:2113',
    'esdb+discover://cluster.example?userCertFile=%2Fetc%2Fuser.crt&userKeyFile=%2Fetc%2Fuser.key',
  ])('may write %s out, in which there is no login', async (text) => {
    const { storage } = await decoded({ ...soundConfiguration, ...cluster(text) });
    expect(storage.kind === 'eventstoredb' && storage.connectionString.reveal()).toBe(text);
  });

  test('names every spelling of a login as a secret', async () => {
    const configuration = await decoded({ ...soundConfiguration, ...cluster({ file: 'cluster' }) });
    for (const spelling of ['from%20the%20file', 'from the file', 'engine:from the file'])
      expect(secretsOf(configuration)).toContain(spelling);
    expect(secretsOf(configuration)).toContain(Buffer.from('engine:from the file').toString('base64'));
  });

  test('hides its secrets from whatever prints it', async () => {
    const configuration = await decoded(soundConfiguration);
    expect(JSON.stringify(configuration)).not.toContain(GRAPH_CANARY);
    expect(JSON.stringify(configuration)).toContain('[secret]');
  });
});

const loopbackToken = { kind: 'token', token: { env: 'GRAPH_CLIENT_SECRET' } };
const literal = 'must not hold the secret itself: write { "env": "NAME" } or { "file": "PATH" }';

const oneMistake: ReadonlyArray<readonly [Change, string, string | RegExp]> = [
  [{ conectionId: 'x' }, 'conectionId', 'unknown key; did you mean `connectionId`?'],
  [{ 'graph.baseURL': 'x' }, 'graph.baseURL', 'unknown key; did you mean `baseUrl`?'],
  [{ 'graph.auth.clientID': 'x' }, 'graph.auth.clientID', 'unknown key; did you mean `clientId`?'],
  [{ __proto__x: 1 }, '__proto__x', /unknown key/],
  [{ 'odd key': 1 }, '["odd key"]', /unknown key/],
  [{ connectionId: undefined }, 'connectionId', /^is required/],
  [{ connectionId: 'Contoso' }, 'connectionId', /lower-case/],
  [{ connectionId: 'a'.repeat(64) }, 'connectionId', /1 to 63/],
  [{ connectionId: '-a' }, 'connectionId', /hyphen/],
  [{ connectionId: 'tenant-a' }, 'connectionId', 'must not start with "tenant-"'],
  [{ connectionId: 'access-a' }, 'connectionId', 'must not start with "access-"'],
  [{ tenantId: undefined }, 'tenantId', /^is required/],
  [{ tenantId: 'contoso.onmicrosoft.com' }, 'tenantId', /GUID/],
  [{ groupId: undefined }, 'groupId', /^is required/],
  [{ groupId: 7 }, 'groupId', /GUID/],
  [{ graph: undefined }, 'graph.auth', /^is required/],
  [{ 'graph.auth': undefined }, 'graph.auth', /^is required/],
  [{ 'graph.auth.kind': undefined }, 'graph.auth.kind', /^is required: client-secret, certificate, federated or token/],
  [{ 'graph.auth.kind': 'password' }, 'graph.auth.kind', /^must be client-secret/],
  [{ 'graph.auth': { kind: 'certificate', clientId: GUID } }, 'graph.auth.certificate', /^is required: PEM or PFX/],
  [
    { 'graph.auth': { kind: 'certificate', clientId: GUID, certificate: { file: 'none' } } },
    'graph.auth.certificate',
    /does not exist/,
  ],
  [
    { 'graph.auth': { kind: 'certificate', clientId: GUID, certificate: '-----BEGIN A CERTIFICATE-----' } },
    'graph.auth.certificate',
    literal,
  ],
  [
    { 'graph.auth': { kind: 'federated', clientId: GUID } },
    'graph.auth.tokenFile',
    /^is required: the file of the token/,
  ],
  [
    { 'graph.auth': { kind: 'federated', clientId: GUID, tokenFile: { env: 'NOWHERE' } } },
    'graph.auth.tokenFile',
    /variable NOWHERE is not set/,
  ],
  // A token in the place of its file: no message repeats it.
  [
    { 'graph.auth': { kind: 'federated', clientId: GUID, tokenFile: { env: 'TOKEN_ITSELF' } } },
    'graph.auth.tokenFile',
    /^the file that the variable TOKEN_ITSELF names does not exist$/,
  ],
  [
    { 'graph.auth': { kind: 'federated', clientId: GUID, tokenFile: `head.${'x'.repeat(80)}.tail` } },
    'graph.auth.tokenFile',
    /^must be the path of the file that holds the token, not the token itself$/,
  ],
  [{ 'graph.auth.expiresAt': 'soon' }, 'graph.auth.expiresAt', /a day or a time/],
  [{ 'graph.auth.expiresAt': '2027-02-31T99:00:00Z' }, 'graph.auth.expiresAt', /a day or a time/],
  [{ 'graph.auth.clientId': 'app' }, 'graph.auth.clientId', /GUID/],
  [{ 'graph.auth.authority': 'http://login.example' }, 'graph.auth.authority', /https/],
  [{ 'graph.auth.authority': `https://login.microsoftonline.com/${GUID}` }, 'graph.auth.authority', /no path/],
  [{ 'graph.auth.clientSecret': undefined }, 'graph.auth.clientSecret', /^is required/],
  [{ 'graph.auth.clientSecret': 'a-literal-secret' }, 'graph.auth.clientSecret', literal],
  [{ 'graph.auth.clientSecret': { value: 'a-literal-secret' } }, 'graph.auth.clientSecret', literal],
  [{ 'graph.auth.clientSecret': {} }, 'graph.auth.clientSecret', /one key/],
  [{ 'graph.auth.clientSecret': { env: 'A', file: 'B' } }, 'graph.auth.clientSecret', /one key/],
  [{ 'graph.auth.clientSecret.env': 'a~literal.secret' }, 'graph.auth.clientSecret.env', /the name of an environment/],
  [{ 'graph.auth.clientSecret.env': 'NOWHERE' }, 'graph.auth.clientSecret', /variable NOWHERE is not set/],
  [{ 'graph.auth.clientSecret.env': 'EMPTY' }, 'graph.auth.clientSecret', /variable EMPTY is empty/],
  [
    { 'graph.auth.clientSecret': { file: 'none' } },
    'graph.auth.clientSecret',
    'the file /etc/sync/none does not exist',
  ],
  [{ 'graph.auth.clientSecret': { file: 'empty' } }, 'graph.auth.clientSecret', /is empty/],
  [{ 'graph.auth.clientSecret': { file: 'two' } }, 'graph.auth.clientSecret', /more than one line/],
  [{ 'graph.auth': loopbackToken }, 'graph.auth.kind', /only where graph.baseUrl is a loopback address/],
  [{ 'graph.cloud': 'mars' }, 'graph.cloud', 'must be global, usgov, usgovdod or china'],
  [{ 'graph.baseUrl': 'http://graph.microsoft.com/v1.0' }, 'graph.baseUrl', /plain http/],
  [{ 'graph.baseUrl': 'https://graph.microsoft.com' }, 'graph.baseUrl', /version of the API/],
  [{ 'graph.baseUrl': 'graph.microsoft.com' }, 'graph.baseUrl', /web address/],
  [{ 'graph.baseUrl': 'https://a:b@graph.microsoft.com/v1.0' }, 'graph.baseUrl', /user name or password/],
  [{ 'graph.baseUrl': 'https://graph.microsoft.com/v1.0?a=b' }, 'graph.baseUrl', /"\?" or "#"/],
  [{ learnAmp: undefined }, 'learnAmp', /^is required/],
  [{ 'learnAmp.baseUrl': undefined }, 'learnAmp.baseUrl', /^is required/],
  [
    { 'learnAmp.baseUrl': 'https://api.learnamp.com/v1/' },
    'learnAmp.baseUrl',
    'must not end in /v1: the client adds it',
  ],
  [{ 'learnAmp.baseUrl': 'http://api.learnamp.com' }, 'learnAmp.baseUrl', /plain http/],
  [{ 'learnAmp.baseUrl': 'http://127.0.0.1.example.com' }, 'learnAmp.baseUrl', /plain http/],
  [{ 'learnAmp.auth': undefined }, 'learnAmp.auth', /^is required/],
  [{ 'learnAmp.auth': loopbackToken }, 'learnAmp.auth.kind', /only where learnAmp.baseUrl is a loopback address/],
  [{ 'learnAmp.auth.clientId': '' }, 'learnAmp.auth.clientId', /not empty/],
  [{ 'learnAmp.auth.scope': null }, 'learnAmp.auth.scope', 'must be a text'],
  [{ eventLog: {} }, 'eventLog.kind', /^is required: sqlite, eventstoredb or memory/],
  [{ eventLog: { kind: 'sqlite' } }, 'eventLog.path', /^is required/],
  [{ eventLog: { kind: 'memory', path: 'x' } }, 'eventLog.path', /unknown key/],
  [cluster(undefined), 'eventLog.connectionString', /^is required/],
  [cluster('esdb://engine:a-login@host:2113?tls=true'), 'eventLog.connectionString', /must not hold the login itself/],
  [cluster('  '), 'eventLog.connectionString', /not empty/],
  [cluster({ env: 'NOWHERE' }), 'eventLog.connectionString', /variable NOWHERE is not set/],
  [{ ...cluster({ file: 'cluster' }), keys: undefined }, 'keys.path', 'is required with "eventstoredb"'],
  [{ ...cluster({ file: 'cluster' }), local: undefined }, 'local.path', 'is required with "eventstoredb"'],
  [{ ...cluster({ file: 'cluster' }), local: { path: 'keys' } }, 'local.path', /file of the key store/],
  [{ 'notifications.publicUrl': 'http://host.example/n' }, 'notifications.publicUrl', /plain http/],
  [{ 'notifications.listen': '8080' }, 'notifications.listen', /host and a port/],
  [{ 'schedule.pollSeconds': 0 }, 'schedule.pollSeconds', /whole number above 0/],
  [{ 'schedule.pollSeconds': 1.5 }, 'schedule.pollSeconds', /whole number/],
  [{ 'schedule.fullSyncHours': '24' }, 'schedule.fullSyncHours', /number above 0/],
  [{ patienceSeconds: -1 }, 'patienceSeconds', /number above 0/],
  [{ accessLog: 'off' }, 'accessLog', 'must be true or false'],
  [{ keys: { path: './contoso.db' } }, 'keys.path', 'must not be the file of the event log'],
  [{ keys: { path: './k' }, local: { path: 'k' } }, 'local.path', 'must not be the file of the key store'],
  [{ preferences: { bad: 1 } }, 'preferences.bad', 'unknown key; did you mean `blanks`?'],
  [{ preferences: [] }, 'preferences', /must be an object/],
  [{ preferences: { invitations: 'hire-date' } }, 'preferences.invitations', /REST API/],
];

describe('one mistake is named with its path', () => {
  test.each(oneMistake)('%j', async (changes, path, message) => {
    expect(await mistakesOf(changed(changes))).toEqual([
      [path, typeof message === 'string' ? message : expect.stringMatching(message)],
    ]);
  });
});

test('all mistakes are listed at once, also those between fields and in the preferences', async () => {
  const found = await mistakesOf(
    changed({
      conectionId: 'x',
      connectionId: undefined,
      tenantId: 'nope',
      'graph.auth': { kind: 'token', token: 'literal' },
      'learnAmp.baseUrl': 'https://api.learnamp.com/v1',
      'learnAmp.auth.clientSecret.env': 'NOWHERE',
      eventLog: { kind: 'eventstoredb' },
      'schedule.pollSeconds': 'often',
      preferences: { bad: 1, invitations: 'hire-date' },
    }),
  );
  expect(found.map(([path]) => path)).toEqual([
    'conectionId',
    'connectionId',
    'tenantId',
    'eventLog.connectionString',
    'graph.auth.token',
    'graph.auth.kind',
    'learnAmp.baseUrl',
    'learnAmp.auth.clientSecret',
    'schedule.pollSeconds',
    'keys.path',
    'local.path',
    'preferences.bad',
    'preferences.invitations',
  ]);
});

test('no message repeats a value', async () => {
  const canary = 'canary-5up3r~secret';
  const everywhere = Object.fromEntries(
    oneMistake.flatMap(([changes]) => Object.keys(changes)).map((path) => [path, canary] as const),
  );
  for (const [path, value] of Object.entries(everywhere)) {
    for (const wrong of [value, { env: canary }, { kind: canary }, [canary]])
      expect(JSON.stringify(await mistakesOf(changed({ [path]: wrong })))).not.toContain(canary);
  }
});

test.each([[null], [[]], ['text'], [3]])('%j is no configuration', async (input) => {
  expect(await mistakesOf(input)).toEqual([['', expect.stringMatching(/one JSON object/)]]);
});
