import type { LearnAmpUserId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeLearnAmp, type FakeLearnAmp } from '../testing/fake-learn-amp.js';
import { openClient } from '../testing/open-client.js';

let fake: FakeLearnAmp;
beforeEach(async () => {
  fake = await startFakeLearnAmp();
});
afterEach(() => fake.close());

/**
 * GET /v1/users/{id}, GET /v1/users/by_integration_external_id/{id}, GET /v1/users?filters[email]=
 * FOUND   404 `{ "error": "Not found" }`; the external id is URL-encoded; statuses may be repeated
 * ASSUMED `filters[email]` may match more than the address
 */
describe('findAccount', () => {
  it('finds by id, or says that nobody has it', async () => {
    const ada = fake.addUser({ email: 'ada@contoso.com', integrationExternalId: 'x' });
    const port = openClient(fake.baseUrl);
    const id = String(ada.id) as LearnAmpUserId;
    expect(await port.findAccount({ by: 'id', learnAmpUserId: id })()).toMatchObject({
      right: { email: 'ada@contoso.com' },
    });
    fake.users.delete(ada.id);
    expect(await port.findAccount({ by: 'id', learnAmpUserId: id })()).toEqual(E.right(undefined));
  });

  it.each(['HR/1001', '42', 'a b?c#d%2F', 'ö', '..', '.'])('finds by the external id %s', async (externalId) => {
    const ada = fake.addUser({ email: 'ada@contoso.com', integrationExternalId: externalId });
    const found = await openClient(fake.baseUrl).findAccount({ by: 'externalId', externalId })();
    expect(found).toMatchObject({ right: { learnAmpUserId: String(ada.id), externalId } });
  });

  it.each(['none' as const, { customField: 'Employee ID' }])(
    'asks nothing for an external id kept elsewhere: %j',
    async (slot) => {
      const port = openClient(fake.baseUrl, { externalId: slot });
      expect(await port.findAccount({ by: 'externalId', externalId: 'x' })()).toEqual(E.right(undefined));
      expect(fake.log).toEqual([]);
    },
  );

  it('finds by e-mail without case, in every status, past near misses on earlier pages', async () => {
    fake.options.pageSize = 2;
    for (const name of ['x-ada', 'y-ada', 'z-ada']) fake.addUser({ email: `${name}@contoso.com` });
    const ada = fake.addUser({ email: 'Ada@Contoso.com', status: 'deactivated' });
    const port = openClient(fake.baseUrl);
    expect(await port.findAccount({ by: 'email', email: 'ADA@contoso.com' })()).toMatchObject({
      right: { learnAmpUserId: String(ada.id), status: 'deactivated' },
    });
    expect(fake.log.at(-1)?.query.getAll('filters[status][]')).toEqual([
      'not_invited',
      'invite_scheduled',
      'invite_pending',
      'confirmed',
      'deactivated',
    ]);
    expect(await port.findAccount({ by: 'email', email: 'da@contoso.com' })()).toEqual(E.right(undefined));
  });

  it('does not take a web page with the status 404 for "nobody"', async () => {
    fake.plan.before = ({ path }) => (path === '/oauth/token' ? undefined : { status: 404, text: '<!doctype html>' });
    const found = await openClient(fake.baseUrl).findAccount({ by: 'externalId', externalId: 'x' })();
    expect(found).toMatchObject({ left: { _tag: 'LearnAmpProtocol' } });
  });

  it('does not send an id that would change the address', async () => {
    const port = openClient(fake.baseUrl);
    const found = await port.findAccount({ by: 'id', learnAmpUserId: '..' as LearnAmpUserId })();
    expect(found).toMatchObject({ left: { _tag: 'LearnAmpProtocol' } });
    expect(port.requestCount()).toBe(0);
  });
});
