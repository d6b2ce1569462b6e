import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { adminConsentUrl, completeAdminConsent, DirectorySyncError, type Stores } from '@learnamp/directory-sync';
import { cloudDefaults, type Cloud } from '@learnamp/directory-sync-graph';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sqliteFolder } from '../../support/connect.js';
import { graphSettingsOf } from '../../support/simulator-settings.js';

const redirectUri = 'https://host.example/consented';
const session = 'the session of the administrator';
const minute = 60_000;

const openConsent = async (opaqueTokens = false) => {
  const simulator = await startSimulator({ seed: 4, company: { people: 0 }, graph: { opaqueTokens } });
  onTestFinished(simulator.close);
  for (const permission of ['users', 'groups'] as const) simulator.directory.withdraw(permission);
  const folder = await sqliteFolder();
  let stores: Stores = await folder.open();
  const close = async () => {
    for (const store of Object.values(stores)) await (store as Stores['cache']).close();
  };
  onTestFinished(() => close().finally(folder.remove));
  let ahead = 0;
  const common = () => ({
    tenantId: simulator.tenantId,
    clientId: simulator.clientId,
    authority: simulator.authorityUrl,
    redirectUri,
    session,
    cache: stores.cache,
    world: { now: () => new Date(Date.now() + ahead) },
  });
  return {
    simulator,
    folder: folder.folder,
    common,
    later: (milliseconds: number) => (ahead += milliseconds),
    /** Another process over the same files. */
    restart: async () => {
      await close();
      stores = await folder.open();
    },
    begin: () => adminConsentUrl(common()),
    /** The browser of an administrator: where it is led back to. */
    visit: async (url: string): Promise<string> =>
      (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '',
    complete: (answer: string | URL, changes: Partial<Parameters<typeof completeAdminConsent>[0]> = {}) =>
      completeAdminConsent({ ...common(), graph: graphSettingsOf(simulator, 5_000), answer, ...changes }),
  };
};

const stateOf = (address: string): string => new URL(address).searchParams.get('state') ?? '';

const refusal = async (work: Promise<unknown>): Promise<DirectorySyncError> => {
  const error: unknown = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof DirectorySyncError)) throw new Error(`was not refused: ${String(error)}`);
  return error;
};

describe('admin consent', () => {
  it('leads an administrator to the tenant’s own page, and ends with what a new token carries, also after a restart', async () => {
    const stage = await openConsent();
    const url = await stage.begin();
    expect(url).toMatch(
      new RegExp(`^${stage.simulator.authorityUrl}/${stage.simulator.tenantId}/v2.0/adminconsent\\?`),
    );
    const answer = await stage.visit(url);
    await stage.restart();
    expect(await stage.complete(answer)).toEqual({
      tenantId: stage.simulator.tenantId,
      permissions: expect.arrayContaining(['User.Read.All', 'GroupMember.Read.All']) as unknown,
      missing: [],
    });
  });

  it('names what the token lacks, where the consent has not arrived or was for less', async () => {
    const stage = await openConsent();
    stage.simulator.adminConsent.decide({ does: 'grants', permissions: ['users'] });
    const consent = await stage.complete(await stage.visit(await stage.begin()));
    expect(consent.missing).toEqual(['GroupMember.Read.All']);
  });

  it.each([403, 404, 501])(
    'is also verified by a token that cannot be read, and by a Graph that does not show the tenant (%i)',
    async (status) => {
      const stage = await openConsent(true);
      const shown = stage.simulator.faults.add({
        system: 'graph',
        path: /organization$/,
        action: { status, body: {} },
      });
      const consent = await stage.complete(await stage.visit(await stage.begin()));
      expect(consent).toEqual({ tenantId: stage.simulator.tenantId, permissions: undefined, missing: [] });
      expect(shown.hits()).toBe(1);
    },
  );

  it('drops the token of the engine that runs', async () => {
    const stage = await openConsent();
    const forgotten: string[] = [];
    const engine = { forgetToken: (tenantId: string) => void forgotten.push(tenantId) };
    await stage.complete(await stage.visit(await stage.begin()), { engine });
    expect(forgotten).toEqual([stage.simulator.tenantId]);
  });

  it('a state is used once, and nobody is asked anything for the second answer', async () => {
    const stage = await openConsent();
    const answer = await stage.visit(await stage.begin());
    await stage.complete(answer);
    const before = stage.simulator.requests.count({ system: 'token' });
    expect(await refusal(stage.complete(answer))).toMatchObject({ code: 'consent-answer' });
    expect(stage.simulator.requests.count({ system: 'token' })).toBe(before);
  });

  it('of two answers at once one alone is taken', async () => {
    const stage = await openConsent();
    const answer = await stage.visit(await stage.begin());
    const ended = await Promise.allSettled([stage.complete(answer), stage.complete(answer)]);
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it.each([
    ['another session', { session: 'the session of somebody else' }],
    ['another tenant', { tenantId: '00000000-0000-4000-8000-00000000abcd' }],
    ['another redirect address', { redirectUri: 'https://host.example/other' }],
  ])('a state of %s is refused, and stays with whoever began it', async (_what, changes) => {
    const stage = await openConsent();
    const answer = await stage.visit(await stage.begin());
    const error = await refusal(stage.complete(answer, changes));
    expect(error).toMatchObject({ code: 'consent-answer' });
    expect(error.message).not.toContain(stateOf(answer));
    expect(await stage.complete(answer)).toMatchObject({ missing: [] });
  });

  it('a state that was never given out is refused', async () => {
    const stage = await openConsent();
    const answer = new URL(await stage.visit(await stage.begin()));
    answer.searchParams.set('state', 'x'.repeat(43));
    expect(await refusal(stage.complete(answer))).toMatchObject({ code: 'consent-answer' });
  });

  it('an answer that comes too late says so, and is used up', async () => {
    const stage = await openConsent();
    const answer = await stage.visit(await stage.begin());
    stage.later(61 * minute);
    expect((await refusal(stage.complete(answer))).message).toContain('came too late');
    stage.later(-61 * minute);
    expect(await refusal(stage.complete(answer))).toMatchObject({ code: 'consent-answer' });
  });

  it('the error is tested first: a refusal that calls itself a consent is none, and its words are not repeated', async () => {
    const stage = await openConsent();
    stage.simulator.adminConsent.decide({ does: 'declines' });
    const answer = await stage.visit(await stage.begin());
    expect(answer).toContain('admin_consent=True');
    const error = await refusal(stage.complete(answer));
    expect(error).toMatchObject({ code: 'declined' });
    expect(error.message).toBe('There is no consent (AADSTS65004): the consent was declined. Begin the consent again.');
    // Without the error it would be a consent: its state is used up.
    const forged = new URL(answer);
    forged.searchParams.delete('error');
    expect(await refusal(stage.complete(forged))).toMatchObject({ code: 'consent-answer' });
  });

  it.each([
    ['?admin_consent=True&state=a&state=b', 'has state more than once'],
    ['?admin_consent=False&state=a', 'does not say admin_consent=True'],
    ['?admin_consent=True', 'has no state'],
    ['', 'does not say admin_consent=True'],
    [`?state=${'x'.repeat(20_000)}`, 'is too long'],
  ])('what is no answer is told as that: %s', async (answer, because) => {
    const stage = await openConsent();
    const error = await refusal(stage.complete(answer));
    expect(error).toMatchObject({ code: 'consent-answer' });
    expect(error.message).toContain(because);
    expect(stage.simulator.requests.count({ system: 'token' })).toBe(0);
  });

  describe('the tenant', () => {
    it('that the answer names is never believed: a consent given elsewhere is none', async () => {
      const stage = await openConsent();
      stage.simulator.adminConsent.decide({ does: 'grants-elsewhere' });
      expect(await refusal(stage.complete(await stage.visit(await stage.begin())))).toMatchObject({
        code: 'wrong-tenant',
      });
    });

    it('is verified by a token for it: an answer that names it is not enough where nobody may sign in', async () => {
      const stage = await openConsent();
      const body = { error: 'unauthorized_client', error_description: 'AADSTS7000229: no principal' };
      stage.simulator.faults.add({ system: 'token', path: /\/token$/, action: { status: 400, body } });
      const error = await refusal(stage.complete(await stage.visit(await stage.begin())));
      expect(error).toMatchObject({ code: 'graph-credentials' });
      expect(error.message).toContain('AADSTS7000229');
    });

    it.each(['the token', 'Microsoft Graph'])('is not the one that %s names', async (who) => {
      const stage = await openConsent();
      const { faults, tenantId } = stage.simulator;
      const other = '00000000-0000-4000-8000-00000000abcd';
      const rename = (text: string) => text.replaceAll(tenantId, other);
      const inToken = (body: { readonly access_token: string }) => {
        const [head, claims = '', signature] = body.access_token.split('.');
        const changed = Buffer.from(rename(Buffer.from(claims, 'base64url').toString())).toString('base64url');
        return { ...body, access_token: [head, changed, signature].join('.') };
      };
      faults.add(
        who === 'the token'
          ? {
              system: 'token',
              path: /\/token$/,
              action: { rewrite: (answer) => ({ ...answer, body: inToken(answer.body as { access_token: string }) }) },
            }
          : {
              system: 'graph',
              path: /organization$/,
              action: {
                rewrite: (answer) => ({ ...answer, body: JSON.parse(rename(JSON.stringify(answer.body))) as unknown }),
              },
            },
      );
      expect(await refusal(stage.complete(await stage.visit(await stage.begin())))).toMatchObject({
        code: 'wrong-tenant',
      });
    });
  });

  it('neither the state nor the session is in any file', async () => {
    const stage = await openConsent();
    const first = await stage.begin();
    await stage.complete(await stage.visit(await stage.begin()));
    await stage.restart();
    for (const file of ['log.db', 'log.db.keys', 'log.db.local']) {
      const bytes = await readFile(join(stage.folder, file)).catch(() => Buffer.alloc(0));
      for (const secret of [stateOf(first), session]) expect(bytes.includes(secret), file).toBe(false);
    }
    expect(stateOf(first)).toMatch(/^[\w-]{43}$/);
  });

  it.each([
    ['http://host.example/consented', /redirectUri must be an https address/],
    ['https://host.example/consented#here', /redirectUri/],
    ['nowhere', /redirectUri/],
  ])('%s is no address to be led back to', async (address, message) => {
    const stage = await openConsent();
    await expect(adminConsentUrl({ ...stage.common(), redirectUri: address })).rejects.toThrow(message);
  });

  it.each(Object.keys(cloudDefaults) as ReadonlyArray<Cloud>)(
    'in %s the page and the scope are those of the cloud',
    async (cloud) => {
      const stage = await openConsent();
      const url = new URL(await adminConsentUrl({ ...stage.common(), authority: undefined, cloud }));
      expect(url.origin).toBe(cloudDefaults[cloud].authority);
      expect(url.searchParams.get('scope')).toBe(`${new URL(cloudDefaults[cloud].baseUrl).origin}/.default`);
      expect(url.searchParams.get('client_id')).toBe(stage.simulator.clientId);
      expect(url.searchParams.get('redirect_uri')).toBe(redirectUri);
    },
  );
});
