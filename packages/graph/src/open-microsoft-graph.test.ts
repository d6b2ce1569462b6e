import { toObjectId } from '@learnamp/directory-sync-domain';
import type { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it } from 'vitest';
import { openMicrosoftGraph } from './open-microsoft-graph.js';
import { closeAll, openScripted, openServer, makeTestWorld, tenantId } from './testing/scripted-graph.js';

afterEach(closeAll);

const id = (n: number): ObjectId => toObjectId(`00000000-0000-4000-9000-${String(n).padStart(12, '0')}`)!;

describe('openMicrosoftGraph', () => {
  it('signs in with one POST and reads the first page with everything selected', async () => {
    const login = await openServer(() => ({ json: { token_type: 'Bearer', expires_in: 3599, access_token: 'tok-1' } }));
    const { source, server, baseUrl } = await openScripted(
      () => ({
        headers: { date: 'Tue, 24 Nov 2026 10:00:00 GMT', 'request-id': 'req-1' },
        json: {
          value: [{ id: id(1).toUpperCase(), userPrincipalName: 'a@x.example', jobTitle: ' ' }],
          '@odata.nextLink': `${baseUrlOf()}/users/delta?$skiptoken=a%2Bb`,
        },
      }),
      { customAttributes: ['onPremisesExtensionAttributes.extensionAttribute1', 'employeeId'] },
      login,
    );
    function baseUrlOf(): string {
      return `http://${server.asked[0]!.headers.host!}/v1.0`;
    }
    const page = await source.usersPage('beginning', { full: true })();
    expect(page).toEqual(
      E.right({
        items: [
          {
            _tag: 'UserObserved',
            userId: id(1),
            attributes: { userPrincipalName: 'a@x.example', jobTitle: null },
            manager: { _tag: 'NotMentioned' },
            complete: true,
          },
        ],
        link: { kind: 'next', url: `${baseUrl}/users/delta?$skiptoken=a%2Bb` },
        graphTime: '2026-11-24T10:00:00.000Z',
        requestId: 'req-1',
      }),
    );
    expect(server.asked[0]!.url).toBe(
      '/v1.0/users/delta?$select=id,displayName,givenName,surname,userPrincipalName,mail,jobTitle,department,' +
        'officeLocation,preferredLanguage,employeeHireDate,userType,employeeId,onPremisesExtensionAttributes,' +
        'accountEnabled,manager',
    );
    expect(server.asked[0]!.headers).toMatchObject({
      authorization: 'Bearer tok-1',
      'client-request-id': expect.any(String) as unknown,
    });
    expect(login.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([`POST /${tenantId}/oauth2/v2.0/token`]);
    const form = new URLSearchParams(login.asked[0]!.body);
    expect(form.get('client_secret')).toBe('s3cret/+ value');
    expect(form.get('scope')).toContain('https://graph.microsoft.com/.default');
    expect(form.get('grant_type')).toBe('client_credentials');
    expect(source.requestCount()).toBe(1);
  });

  it('refuses settings under which a token could leave by a wrong door', () => {
    const world = makeTestWorld(fetch);
    const open = (baseUrl: string, auth: Parameters<typeof openMicrosoftGraph>[0]['auth']) => () =>
      openMicrosoftGraph(
        { tenantId, cloud: 'global', baseUrl, auth, customAttributes: [], patienceMs: undefined },
        world,
      );
    const token = { kind: 'token', token: 't' } as const;
    const secret = (authority: string) =>
      ({ kind: 'client-secret', authority, clientId: 'c', clientSecret: 's' }) as const;
    const good = 'https://login.microsoftonline.com';
    for (const baseUrl of [
      'http://graph.microsoft.com/v1.0',
      'https://graph.microsoft.com:8443/v1.0',
      'https://user@graph.microsoft.com/v1.0',
      'https://graph.microsoft.com/v1.0?x=1',
      'https://graph.microsoft.com/x/../v1.0',
      'ftp://localhost/v1.0',
      'graph.microsoft.com/v1.0',
    ]) {
      expect(open(baseUrl, secret(good)), baseUrl).toThrow(/^graph\.baseUrl must/);
    }
    expect(open('https://graph.microsoft.com/v1.0', token)).toThrow(/loopback addresses only/);
    expect(open('https://graph.microsoft.com/v1.0', secret('http://login.example'))).toThrow(/^graph\.auth\.authority/);
    expect(open('https://graph.microsoft.com/v1.0', secret('login'))).toThrow(/^graph\.auth\.authority/);
    expect(open('https://graph.microsoft.com/v1.0/', secret(good))).not.toThrow();
  });
});
