import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeCertificate } from '../../support/made-certificate.js';
import { openSignIn } from '../../support/sign-in-stage.js';

const day = 24 * 3_600_000;
const around = (from: number, to: number) => ({
  from: new Date(Date.now() + from * day),
  to: new Date(Date.now() + to * day),
});
const valid = around(-1, 365);

test('two secrets are active during a rotation: the other one is taken when the first is refused, and is asked first from then on', async () => {
  const stage = await openSignIn(
    { kind: 'client-secret', clientSecret: 'the-old-one', otherClientSecret: 'the-new-one' },
    ({ appCredentials }) => {
      appCredentials.addSecret('the-old-one', new Date(Date.now() - day));
      appCredentials.addSecret('the-new-one');
    },
  );
  expect(await stage.ask()).toBeUndefined();
  expect(stage.signIns()).toBe(2);
  stage.forgetToken();
  expect(await stage.ask()).toBeUndefined();
  expect(stage.signIns()).toBe(3);
});

test('where both are refused, the first is told, and that the other was refused too', async () => {
  const stage = await openSignIn(
    { kind: 'client-secret', clientSecret: 'the-old-one', otherClientSecret: 'a-wrong-one' },
    ({ appCredentials }) => appCredentials.addSecret('the-old-one', new Date(Date.now() - day)),
  );
  expect(await stage.ask()).toMatchObject({
    code: 'AADSTS7000222',
    detail: 'the client secret has expired, and the other one was refused as well',
  });
});

test('a refusal that concerns every secret alike is not asked for twice', async () => {
  const stage = await openSignIn(
    { kind: 'client-secret', clientSecret: 'one', otherClientSecret: 'two' },
    (simulator) =>
      simulator.faults.add({
        system: 'token',
        action: {
          status: 400,
          body: { error: 'unauthorized_client', error_description: 'AADSTS700016: not found', error_codes: [700016] },
        },
      }),
  );
  expect(await stage.ask()).toMatchObject({ code: 'AADSTS700016' });
  expect(stage.signIns()).toBe(1);
});

test('a provider is asked again when what it gave is refused: a rotated secret needs no restart', async () => {
  let kept = 'before';
  let read = 0;
  const clientSecret = () => {
    read += 1;
    return Promise.resolve(kept);
  };
  const stage = await openSignIn({ kind: 'client-secret', clientSecret }, ({ appCredentials }) =>
    appCredentials.addSecret('before'),
  );
  expect(await stage.ask()).toBeUndefined();
  stage.simulator.appCredentials.removeSecret('before');
  stage.simulator.appCredentials.addSecret('after');
  stage.simulator.revokeAccessTokens();
  kept = 'after';
  expect(await stage.ask()).toBeUndefined();
  expect(read).toBe(2);
});

test('a provider that fails says what could not be read, and repeats nothing of what it threw', async () => {
  const clientSecret = () => Promise.reject(new Error('vault said: hunter2'));
  const stage = await openSignIn({ kind: 'client-secret', clientSecret });
  const failure = await stage.ask();
  expect(failure).toMatchObject({ _tag: 'GraphCredentials', detail: 'the client secret could not be read' });
  expect(JSON.stringify(failure)).not.toContain('hunter2');
  expect(stage.signIns()).toBe(0);
});

test.each(['PEM', 'PEM with an encrypted key', 'key apart', 'PFX', 'chain sent'])(
  'a registered certificate signs in (%s)',
  async (form) => {
    const made = makeCertificate(valid);
    const other = makeCertificate(valid, 2048, 'an authority');
    const settings = {
      PEM: { certificate: made.pem },
      'PEM with an encrypted key': {
        certificate: `${made.certificate}\n${made.encryptedKey('the passphrase')}`,
        passphrase: 'the passphrase',
      },
      'key apart': { certificate: made.certificate, privateKey: () => made.privateKey },
      PFX: { certificate: () => Promise.resolve(made.pfx('the passphrase')), passphrase: () => 'the passphrase' },
      'chain sent': { certificate: `${other.certificate}\n${made.pem}`, sendCertificateChain: true },
    }[form];
    const stage = await openSignIn({ kind: 'certificate', certificate: '', ...settings }, ({ appCredentials }) =>
      appCredentials.registerCertificate(made.certificate),
    );
    expect(await stage.ask()).toBeUndefined();
    stage.forgetToken();
    expect(await stage.ask()).toBeUndefined();
    expect(stage.signIns()).toBe(2);
  },
);

test('another certificate than the registered one, and one that has expired, are refused with what to do', async () => {
  const [registered, other] = [makeCertificate(valid), makeCertificate(valid)];
  const stage = await openSignIn({ kind: 'certificate', certificate: other.pem }, ({ appCredentials }) =>
    appCredentials.registerCertificate(registered.certificate),
  );
  expect(await stage.ask()).toMatchObject({ code: 'AADSTS700027' });
  const old = makeCertificate(around(-10, -1));
  const late = await openSignIn({ kind: 'certificate', certificate: old.pem }, ({ appCredentials }) =>
    appCredentials.registerCertificate(old.certificate),
  );
  expect(await late.ask()).toMatchObject({ code: 'AADSTS1000502' });
});

test('a certificate that was replaced where it is kept is used without a restart', async () => {
  const [first, second] = [makeCertificate(valid), makeCertificate(valid)];
  let kept = first.pem;
  const stage = await openSignIn({ kind: 'certificate', certificate: () => kept }, ({ appCredentials }) =>
    appCredentials.registerCertificate(first.certificate),
  );
  expect(await stage.ask()).toBeUndefined();
  stage.simulator.appCredentials.removeCertificates();
  stage.simulator.appCredentials.registerCertificate(second.certificate);
  stage.simulator.revokeAccessTokens();
  kept = second.pem;
  expect(await stage.ask()).toBeUndefined();
});

test.each<[string, () => { certificate: string | Uint8Array; passphrase?: string }, RegExp]>([
  ['no certificate', () => ({ certificate: makeCertificate(valid).privateKey }), /no certificate/],
  ['no key', () => ({ certificate: makeCertificate(valid).certificate }), /private key of the certificate is missing/],
  [
    'the key of another certificate',
    () => ({ certificate: `${makeCertificate(valid).certificate}\n${makeCertificate(valid).privateKey}` }),
    /does not belong to the certificate/,
  ],
  ['a weak key', () => ({ certificate: makeCertificate(valid, 1024).pem }), /not one Entra takes/],
  [
    'a wrong passphrase',
    () => ({ certificate: makeCertificate(valid).pfx('right'), passphrase: 'wrong-passphrase' }),
    /PFX\) cannot be opened/,
  ],
  ['rubbish', () => ({ certificate: new Uint8Array([1, 2, 3]) }), /PFX\) cannot be opened/],
])('%s is told before anybody is asked', async (_what, settings, detail) => {
  const stage = await openSignIn({ kind: 'certificate', ...settings() });
  const failure = await stage.ask();
  expect(failure).toMatchObject({ _tag: 'GraphCredentials', auth: 'credential' });
  expect(failure).toHaveProperty('detail', expect.stringMatching(detail));
  expect(JSON.stringify(failure)).not.toMatch(/wrong-passphrase|PRIVATE KEY/);
  expect(stage.signIns()).toBe(0);
});

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const idp = generateKeyPairSync('rsa', { modulusLength: 2048 });
const idToken = (changes: Readonly<Record<string, unknown>> = {}): string => {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: 'https://idp.example',
    sub: 'system:serviceaccount:sync:engine',
    aud: 'api://AzureADTokenExchange',
    exp: now + 300,
    ...changes,
  };
  const signed = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), idp.privateKey).toString('base64url')}`;
};
const trusted = {
  issuer: 'https://idp.example',
  subject: 'system:serviceaccount:sync:engine',
  publicKey: idp.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
};

test('a federated assertion signs in, and is asked for anew at each sign-in', async () => {
  const asked: Array<unknown> = [];
  const stage = await openSignIn(
    {
      kind: 'federated',
      assertion: (about) => {
        asked.push(about);
        return Promise.resolve(`${idToken()}\n`);
      },
    },
    ({ appCredentials }) => appCredentials.trust(trusted),
  );
  expect(await stage.ask()).toBeUndefined();
  expect(await stage.ask()).toBeUndefined();
  expect(asked).toHaveLength(1);
  stage.forgetToken();
  expect(await stage.ask()).toBeUndefined();
  expect(asked).toHaveLength(2);
  expect(asked[0]).toMatchObject({ clientId: stage.simulator.clientId });
});

test.each([
  ['another issuer', { iss: 'https://elsewhere.example' }, 'AADSTS700211'],
  ['another subject', { sub: 'System:serviceaccount:sync:engine' }, 'AADSTS700213'],
  ['another audience', { aud: 'https://graph.microsoft.com' }, 'AADSTS700212'],
  ['a past time', { exp: 1_000_000 }, 'AADSTS700024'],
])('an assertion with %s is refused by its number', async (_what, changes, code) => {
  const stage = await openSignIn({ kind: 'federated', assertion: () => idToken(changes) }, ({ appCredentials }) =>
    appCredentials.trust(trusted),
  );
  expect(await stage.ask()).toMatchObject({ _tag: 'GraphCredentials', code });
});

test('a callback that fails or gives nothing says so, and repeats nothing', async () => {
  const failing = await openSignIn({ kind: 'federated', assertion: () => Promise.reject(new Error('hunter2')) });
  const failure = await failing.ask();
  expect(failure).toMatchObject({
    auth: 'credential',
    detail: 'the assertion of the federated credential could not be read',
  });
  expect(JSON.stringify(failure)).not.toContain('hunter2');
  const empty = await openSignIn({ kind: 'federated', assertion: () => ' \n' });
  expect(await empty.ask()).toMatchObject({ detail: 'the assertion of the federated credential is empty' });
});
