import { generateKeyPairSync, sign } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '@learnamp/directory-sync-simulator';
import { expect, onTestFinished, test } from 'vitest';
import { commandLineIn } from '../../support/command-line-in-process.js';
import { sqliteFolder } from '../../support/connect.js';
import { makeCertificate } from '../../support/made-certificate.js';
import { calm } from '../../support/stage.js';

const hour = 3_600_000;
const passphrase = 'passphrase-canary-7f3K';
const made = makeCertificate({ from: new Date(Date.now() - hour), to: new Date(Date.now() + 1000 * hour) });
const keyLines = made.privateKey.split('\n').filter((text) => text.length > 60);

const idp = generateKeyPairSync('rsa', { modulusLength: 2048 });
const assertion = (() => {
  const claims = { iss: 'https://idp.example', sub: 'engine', aud: 'api://AzureADTokenExchange', exp: 4_000_000_000 };
  const text = [{ alg: 'RS256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return `${text.join('.')}.${sign('sha256', Buffer.from(text.join('.')), idp.privateKey).toString('base64url')}`;
})();

type Kind = {
  readonly auth: (simulator: Simulator) => Readonly<Record<string, unknown>>;
  readonly environment?: (simulator: Simulator) => Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly register?: (simulator: Simulator) => void;
  /** What may stand nowhere. */
  readonly secrets: (simulator: Simulator) => ReadonlyArray<string>;
};

const app = ({ authorityUrl: authority, clientId }: Simulator) => ({ authority, clientId });
const registered = ({ appCredentials }: Simulator) => appCredentials.registerCertificate(made.certificate);

const kinds: Readonly<Record<string, Kind>> = {
  'a client secret': {
    auth: (simulator) => ({ ...app(simulator), kind: 'client-secret', clientSecret: { env: 'SECRET' } }),
    environment: ({ clientSecret }) => ({ SECRET: clientSecret }),
    secrets: ({ clientSecret }) => [clientSecret, encodeURIComponent(clientSecret)],
  },
  'two client secrets': {
    auth: (simulator) => ({
      ...app(simulator),
      kind: 'client-secret',
      clientSecret: { env: 'OLD' },
      otherClientSecret: { file: './new' },
    }),
    environment: () => ({ OLD: 'old-canary-9x2Q' }),
    files: { new: 'new-canary-4t8W\n' },
    register: ({ appCredentials }) => appCredentials.addSecret('new-canary-4t8W'),
    secrets: () => ['old-canary-9x2Q', 'new-canary-4t8W'],
  },
  'a certificate with its key apart': {
    auth: (simulator) => ({
      ...app(simulator),
      kind: 'certificate',
      certificate: { file: './app.pem' },
      privateKey: { file: './app.key' },
      passphrase: { env: 'PASSPHRASE' },
    }),
    environment: () => ({ PASSPHRASE: passphrase }),
    files: { 'app.pem': made.certificate, 'app.key': made.encryptedKey(passphrase) },
    register: registered,
    secrets: () => [passphrase, ...keyLines],
  },
  'a PEM with its key': {
    auth: (simulator) => ({ ...app(simulator), kind: 'certificate', certificate: { file: './app.pem' } }),
    files: { 'app.pem': made.pem },
    register: registered,
    secrets: () => keyLines,
  },
  'a PFX': {
    auth: (simulator) => ({
      ...app(simulator),
      kind: 'certificate',
      certificate: { file: './app.pfx' },
      passphrase: { env: 'PASSPHRASE' },
    }),
    environment: () => ({ PASSPHRASE: passphrase }),
    files: { 'app.pfx': made.pfx(passphrase) },
    register: registered,
    secrets: () => [passphrase, ...keyLines],
  },
  'a federated assertion': {
    auth: (simulator) => ({ ...app(simulator), kind: 'federated', tokenFile: './token' }),
    files: { token: assertion },
    register: ({ appCredentials }) =>
      appCredentials.trust({
        issuer: 'https://idp.example',
        subject: 'engine',
        publicKey: idp.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      }),
    secrets: () => [assertion, assertion.split('.')[2] ?? ''],
  },
  'a fixed token': {
    auth: () => ({ kind: 'token', token: { env: 'TOKEN' } }),
    environment: (simulator) => ({ TOKEN: simulator.graphToken() }),
    secrets: () => [],
  },
};

/** Every verb that signs in, tells how it stands, or shows what was recorded; twice where something is refused. */
const verbs = [
  'sync --yes --verbose',
  'sync --full --json --verbose',
  'status',
  'status --json',
  'doctor',
  'doctor --json',
  'events --json',
  'replay --json',
  'verify --json',
  'why 00000000-0000-4000-8000-00000000abcd --live --json',
];

test.each(Object.entries(kinds))(
  '%s: what is secret stands in no output, log, error, event or status, whether it is taken or refused',
  { timeout: 120_000 },
  async (_name, { auth, environment = () => ({}), files = {}, register, secrets }) => {
    const simulator = await startSimulator({ seed: 8, company: { people: 3 }, graph: calm });
    onTestFinished(simulator.close);
    const { folder, remove } = await sqliteFolder();
    onTestFinished(remove);
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
    const { configuration, env } = simulator.config();
    const graph = { baseUrl: simulator.graphUrl, auth: auth(simulator) };
    const extra: Readonly<Record<string, string>> = environment(simulator);
    const line = await commandLineIn(folder, { ...configuration, graph, patienceSeconds: 2 }, { ...env, ...extra });
    register?.(simulator);
    for (const verb of verbs) expect((await line.run(verb)).code, verb).not.toBe(2);
    // The sign-in echoes what it was sent, as a proxy's page of a fault may.
    simulator.faults.add({
      system: 'token',
      action: {
        rewrite: (_answer, request) => ({
          status: 401,
          headers: {},
          body: { error: 'invalid_client', error_description: `AADSTS7000215: wrong: ${request.body.toString()}` },
        }),
      },
    });
    simulator.revokeAccessTokens();
    for (const verb of verbs) await line.run(verb);
    const stored = (await readdir(folder)).filter((name) => name.includes('.db'));
    const held = await Promise.all(stored.map((name) => readFile(join(folder, name), 'latin1')));
    const everything = held.join('\n') + line.printed();
    for (const secret of [...secrets(simulator), ...Object.values(extra)])
      expect(everything.includes(secret), 'a secret is shown').toBe(false);
    // No bearer either: a JWT begins so.
    expect(line.printed()).not.toMatch(/eyJ[\w-]{20,}\.[\w-]{20,}/);
  },
);
