import { writeFile } from 'node:fs/promises';
import { createServer as createPlain } from 'node:http';
import { createServer } from 'node:https';
import { createServer as createSilent, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { Agent, fetch as undiciFetch } from 'undici';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { checkWebhook } from '../../packages/engine/src/doctor/check-webhook.js';
import { certificateProbe, type CertificateProbe } from '../../packages/engine/src/doctor/probe-certificate.js';
import { openDoctor } from '../support/doctor-stage.js';
import { makeAuthority, type ServerIdentity } from '../support/made-authority.js';

type Authority = ReturnType<typeof makeAuthority>;
let authority: Authority;
beforeAll(() => {
  authority = makeAuthority();
});

type Listening = Pick<Server, 'close' | 'address'> & {
  readonly listen: (port: number, host: string, listening: () => void) => unknown;
};

const listen = async (server: Listening, host = '127.0.0.1'): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
};

/** Answers the validation as Graph wants it, behind TLS; tells what it was sent. */
const serve = async (identity: ServerIdentity) => {
  const asked: string[] = [];
  const port = await listen(
    createServer({ ...identity }, (request, response) => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      const token = new URL(request.url ?? '', 'https://x').searchParams.get('validationToken') ?? '';
      response.setHeader('content-type', 'text/plain').end(token);
    }),
  );
  return { port, asked };
};

/** A certificate `of` a name, asked for at an address. */
type Shown = { readonly of: string; readonly at?: string; readonly days?: number; readonly whole?: boolean };

const probe = (host: string, port: number) =>
  certificateProbe([authority.certificate])(new URL(`https://${host}:${port}/hook`), new AbortController().signal);

describe('the certificate that stands at an address', () => {
  it.each([
    ['for the name', { of: 'localhost' }, undefined],
    ['for the address, where that is all there is', { of: '127.0.0.1', at: '127.0.0.1' }, undefined],
    ['for another name', { of: 'elsewhere.example' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['that ended yesterday', { of: 'localhost', days: -1 }, 'CERT_HAS_EXPIRED'],
    ['without those between it and its root', { of: 'localhost', whole: false }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as ReadonlyArray<readonly [string, Shown, string | undefined]>)('%s', async (_, shown, fault) => {
    const { of, at: host = 'localhost', days = 90, whole = true } = shown;
    const { port, asked } = await serve(authority.identity(of, days, whole));
    const seen = await probe(host, port);
    expect(seen).toMatchObject({ _tag: 'Seen', trusted: fault === undefined, fault });
    expect(seen._tag === 'Seen' && Math.round(((seen.notAfter?.getTime() ?? 0) - Date.now()) / 86_400_000)).toBe(days);
    expect(asked).toEqual([]);
  });

  it('is asked of the authorities that are given, whatever this machine trusts', async () => {
    const { port } = await serve(makeAuthority().identity('localhost'));
    expect(await probe('localhost', port)).toMatchObject({ trusted: false });
  });

  it('is none where nobody listens, nothing speaks TLS, only an old TLS is spoken, or the name leads nowhere', async () => {
    const plain = await listen(createPlain((_request, response) => response.end()));
    const old = await listen(
      createServer({ ...authority.identity('localhost'), minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }),
    );
    expect(await probe('localhost', 9)).toEqual({ _tag: 'Unreachable', fault: 'ECONNREFUSED' });
    expect(await probe('[::1]', 9)).toMatchObject({
      _tag: 'Unreachable',
      fault: expect.stringMatching(/ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH/) as unknown,
    });
    expect(await probe('localhost', plain)).toMatchObject({
      _tag: 'Unreachable',
      fault: expect.any(String) as unknown,
    });
    expect(await probe('localhost', old)).toMatchObject({ _tag: 'Unreachable', fault: expect.any(String) as unknown });
    expect(await probe('nobody.invalid', 443)).toMatchObject({ _tag: 'Unreachable' });
  });

  it('is not waited for once the examination is stopped', async () => {
    const silent = await listen(createSilent(() => undefined));
    const over = new AbortController();
    const seen = certificateProbe([])(new URL(`https://localhost:${silent}/`), over.signal);
    over.abort();
    expect(await seen).toEqual({ _tag: 'Unreachable', fault: 'stopped' });
  });
});

describe('doctor over a notification address behind TLS', () => {
  const look = async (publicUrl: string) => {
    const doctor = await openDoctor();
    const { configuration } = doctor.simulator.config({
      extra: { notifications: { publicUrl, listen: '127.0.0.1:0' } },
    });
    await writeFile(join(doctor.folder, 'directory-sync.json'), JSON.stringify(configuration));
    return (await doctor.look()).of('webhook');
  };

  it('a certificate that no public authority signed is failed, and nothing is posted to it', async () => {
    const { port, asked } = await serve(authority.identity('localhost'));
    const { result, says } = await look(`https://localhost:${port}/hook`);
    expect(result).toBe('failed');
    expect(says).toContain(`localhost:${port} is not one that Microsoft trusts (UNABLE_TO_GET_ISSUER_CERT_LOCALLY)`);
    expect(says).toContain('a public authority has to sign it');
    expect(asked).toEqual([]);
  });

  it.each([
    [90, 'ok', /^localhost:\d+ answers the validation of Microsoft Graph, on this machine alone\.$/],
    [13, 'note', /^The certificate of localhost:\d+ ends on \d{4}-\d\d-\d\d: renew it\.$/],
    [-1, 'failed', /not one that Microsoft trusts \(CERT_HAS_EXPIRED\)/],
  ])('a certificate of a public authority that ends in %i days is %s', async (days, result, says) => {
    const { port, asked } = await serve(authority.identity('localhost', days));
    const dispatcher = new Agent({ connect: { ca: authority.certificate } });
    onTestFinished(() => dispatcher.close());
    const fetch = (url: string, init: object) => undiciFetch(url, { ...init, dispatcher });
    const publicUrl = `https://localhost:${port}/hook?of=us`;
    const fromOutside: CertificateProbe = async (url, stop) => ({
      ...(await certificateProbe([authority.certificate])(url, stop)),
      address: '203.0.113.9',
    });
    const options = { notifications: { publicUrl }, probeCertificate: fromOutside };
    const world = { now: () => new Date(), fetch };
    const signal = new AbortController().signal;
    const check = await checkWebhook({ options, world, signal } as unknown as Parameters<typeof checkWebhook>[0]);
    expect(check).toMatchObject({ check: 'webhook', result, says: expect.stringMatching(says) as unknown });
    expect(asked).toEqual(
      result === 'failed' ? [] : [expect.stringMatching(/^POST \/hook\?of=us&validationToken=doctor\+/) as unknown],
    );
  });

  it('a port that nobody answers at is a note, a name that leads nowhere is failed', async () => {
    expect(await look('https://localhost:9/hook')).toMatchObject({
      result: 'note',
      says: expect.stringContaining('Nobody answers at localhost:9 (ECONNREFUSED)') as unknown,
    });
    expect(await look('https://nobody.invalid/hook')).toMatchObject({
      says: expect.stringContaining('nobody.invalid') as unknown,
    });
  });
});
