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
const valid = { from: new Date(Date.now() - hour), to: new Date(Date.now() + 1000 * hour) };
const passphrase = 'passphrase-canary-7f3K';

const begin = async (auth: (simulator: Simulator) => Readonly<Record<string, unknown>>, environment = {}) => {
  const simulator = await startSimulator({ seed: 8, company: { people: 3 }, graph: calm });
  onTestFinished(simulator.close);
  const { folder, remove } = await sqliteFolder();
  onTestFinished(remove);
  const { configuration, env } = simulator.config();
  const graph = {
    baseUrl: simulator.graphUrl,
    auth: { authority: simulator.authorityUrl, clientId: simulator.clientId, ...auth(simulator) },
  };
  const line = await commandLineIn(folder, { ...configuration, graph }, { ...env, ...environment });
  const everything = async (): Promise<string> => {
    const files = (await readdir(folder)).filter((name) => name.includes('.db'));
    const held = await Promise.all(files.map((name) => readFile(join(folder, name), 'latin1')));
    return held.join('\n') + line.printed();
  };
  return { simulator, folder, line, everything };
};

test('the command line signs in by a PFX, takes the one that replaced it, and shows of neither anything anywhere', async () => {
  const [first, second] = [makeCertificate(valid), makeCertificate(valid)];
  const { simulator, folder, line, everything } = await begin(
    () => ({ kind: 'certificate', certificate: { file: './app.pfx' }, passphrase: { env: 'PFX_PASSPHRASE' } }),
    { PFX_PASSPHRASE: passphrase },
  );
  await writeFile(join(folder, 'app.pfx'), first.pfx(passphrase));
  simulator.appCredentials.registerCertificate(first.certificate);
  expect(await line.run('sync --yes')).toMatchObject({ code: 0 });
  simulator.appCredentials.removeCertificates();
  simulator.appCredentials.registerCertificate(second.certificate);
  const refused = await line.run('sync --json --verbose');
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain('AADSTS700027');
  await writeFile(join(folder, 'app.pfx'), second.pfx(passphrase));
  expect(await line.run('sync')).toMatchObject({ code: 0 });
  expect((await line.run('status')).stdout).toContain('The Graph credential ends at');
  expect(JSON.parse((await line.run('status --json')).stdout)).toMatchObject({
    credentialExpiresAt: new Date(Math.floor(valid.to.getTime() / 1000) * 1000).toISOString(),
  });
  await line.run('events --json');
  const all = await everything();
  expect(all).toContain('certificate ');
  for (const secret of [passphrase, ...first.privateKey.split('\n').filter((text) => text.length > 60)])
    expect(all.includes(secret)).toBe(false);
});

test('the command line signs in by the token file that AZURE_FEDERATED_TOKEN_FILE names, as it stands at that moment', async () => {
  const idp = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const token = (subject: string): string => {
    const claims = { iss: 'https://idp.example', sub: subject, aud: 'api://AzureADTokenExchange', exp: 4_000_000_000 };
    const text = [{ alg: 'RS256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    return `${text.join('.')}.${sign('sha256', Buffer.from(text.join('.')), idp.privateKey).toString('base64url')}`;
  };
  const { simulator, folder, line, everything } = await begin(
    () => ({ kind: 'federated', tokenFile: { env: 'AZURE_FEDERATED_TOKEN_FILE' } }),
    { AZURE_FEDERATED_TOKEN_FILE: './token' },
  );
  simulator.appCredentials.trust({
    issuer: 'https://idp.example',
    subject: 'the-engine',
    publicKey: idp.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  });
  expect((await line.run('sync --json')).stdout).toContain('graph.auth.tokenFile');
  await writeFile(join(folder, 'token'), token('another'));
  expect((await line.run('sync --json')).stdout).toContain('AADSTS700213');
  await writeFile(join(folder, 'token'), token('the-engine'));
  expect(await line.run('sync --yes')).toMatchObject({ code: 0 });
  expect(await everything()).not.toContain(token('the-engine'));
});

test('the second of two secrets is taken, and neither is shown', async () => {
  const { simulator, line, everything } = await begin(
    () => ({
      kind: 'client-secret',
      clientSecret: { env: 'OLD' },
      otherClientSecret: { env: 'NEW' },
      expiresAt: '2030-01-31',
    }),
    { OLD: 'old-canary-9x2Q', NEW: 'new-canary-4t8W' },
  );
  expect((await line.run('sync --json --verbose')).stdout).toContain('the other one was refused as well');
  simulator.appCredentials.addSecret('new-canary-4t8W');
  expect(await line.run('sync --yes --verbose')).toMatchObject({ code: 0 });
  expect(await everything()).not.toMatch(/old-canary-9x2Q|new-canary-4t8W/);
});
