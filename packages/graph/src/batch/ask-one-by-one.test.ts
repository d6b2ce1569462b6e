import type { ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it } from 'vitest';
import { group, user } from '../testing/ids.js';
import { closeAll, openScripted } from '../testing/scripted-graph.js';
import type { Asked, Reply } from '../testing/scripted-server.js';

afterEach(closeAll);

const notFound: Reply = { status: 404, json: { error: { code: 'Request_ResourceNotFound' } } };
const idIn = (url: string): ObjectId => /\/users\/([^/?]+)/.exec(url)![1] as ObjectId;

/** A server without `$batch`, which answers its own kind of 404 for it. */
const withoutBatch = (refusal: Reply, answer: (asked: Asked) => Reply) =>
  openScripted((asked) => (asked.url.endsWith('/$batch') ? refusal : answer(asked)));

describe.each([
  ['404', { status: 404, text: '<html>Not here</html>' }],
  ['405', { status: 405, json: {} }],
  ['501', { status: 501, json: { error: { code: 'NotImplemented' } } }],
])('where $batch is answered with %s', (_, refusal: Reply) => {
  it('reads people by requests of their own', async () => {
    const opened = await withoutBatch(refusal, ({ url }) =>
      idIn(url) === user(2)
        ? notFound
        : { json: { id: idIn(url), userPrincipalName: 'a@contoso.example', accountEnabled: true } },
    );
    const read = await opened.source.readProfiles([user(1), user(2), user(3)])();
    expect(E.isRight(read) && read.right.map((profile) => profile._tag)).toEqual(['Found', 'NotFound', 'Found']);
  });

  it('checks memberships by requests of their own', async () => {
    const opened = await withoutBatch(refusal, ({ method, url, body }) => {
      if (idIn(url) === user(3)) return notFound;
      const { groupIds } = JSON.parse(body) as { groupIds: ReadonlyArray<string> };
      return method === 'POST' && idIn(url) === user(1) ? { json: { value: groupIds } } : { json: { value: [] } };
    });
    const checks = await opened.source.checkMembership([user(1), user(2), user(3)], group(1))();
    const told = E.isRight(checks) && checks.right.map((check) => check._tag);
    expect(told).toEqual(['StillMember', 'NotMember', 'UserNotFound']);
  });

  it('takes no 404 for evidence that is not one of Microsoft Graph', async () => {
    const ofGateway = { status: 404, json: { error: { code: 'NotFound', message: 'No such route' } } };
    const opened = await withoutBatch(refusal, ({ method }) =>
      method === 'POST' ? ofGateway : { status: 404, text: '<html>Not here</html>' },
    );
    for (const asked of [opened.source.readProfiles([user(1)]), opened.source.checkMembership([user(1)], group(1))])
      expect(await asked()).toMatchObject(
        E.left({ _tag: 'GraphProtocol', detail: expect.stringContaining('$batch is not offered') as unknown }),
      );
  });
});
