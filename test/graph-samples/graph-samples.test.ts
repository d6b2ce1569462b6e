/**
 * What becomes of each body that Microsoft documents, or that people have seen. The files under `fixtures` are made up, in
 * the shapes of the documents; where GRAPH_SAMPLES names a folder of the originals, the same table holds for those.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeNotification } from '../../packages/engine/src/notifications/notification-items.js';
import { openDirectorySource } from '../../packages/graph/src/open-microsoft-graph.js';
import { openSubscriptionClient } from '../../packages/graph/src/subscriptions/subscription-client.js';
import { user, group } from '../../packages/graph/src/testing/ids.js';
import {
  by,
  closeAll,
  openScripted,
  openScriptedTransport,
  openServer,
} from '../../packages/graph/src/testing/scripted-graph.js';
import type { Reply } from '../../packages/graph/src/testing/scripted-server.js';

afterEach(closeAll);

const open = async (reply: (origin: string) => Reply) => {
  let origin = '';
  const opened = await openScriptedTransport(() => reply(origin), { patienceMs: 1_000 });
  ({ origin } = opened.server);
  return {
    ...opened,
    source: openDirectorySource(opened.transport, { customAttributes: [] }),
    subscriptions: openSubscriptionClient(opened.transport),
  };
};

type Sample = { readonly text: string; readonly status?: number };
type Way = (sample: Sample) => Promise<string>;

/** As the server at loopback would have written it. */
const served =
  ({ text, status = 200 }: Sample, headers: Readonly<Record<string, string>> = {}) =>
  (origin: string): Reply => ({
    status,
    text: text.replaceAll('https://graph.microsoft.com', origin),
    headers: { 'content-type': 'application/json', ...headers },
  });

const objectIn = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

const failed = (failure: unknown): string => {
  const { _tag, detail, reason, code, location } = failure as Readonly<Record<string, string | undefined>>;
  const said = (detail ?? reason ?? code ?? '').replace(/ \([\da-f-]{36}\)/g, '');
  return `refused: ${String(_tag)} ${said}${location === undefined ? '' : ' with a Location'}`.trim();
};

const counted = (names: ReadonlyArray<string>): string =>
  [...new Set(names)].map((name) => `${String(names.filter((each) => each === name).length)} ${name}`).join(', ');

const usersPage: Way = async (sample) => {
  const { source } = await open(served(sample));
  const page = await source.usersPage('beginning')();
  if (E.isLeft(page)) return failed(page.left);
  const { items, unreadable = [], link } = page.right;
  const said = items.map((item) => {
    if (item._tag === 'UserRemoved') return `removed (${item.reason})`;
    const nulls = Object.values(item.attributes).filter((value) => value === null).length;
    const manager = item.manager._tag === 'Entries' ? ' with a manager' : '';
    return `observed${nulls === 0 ? '' : ` with ${String(nulls)} null`}${manager}`;
  });
  return `${counted([...said, ...unreadable.map(() => 'unreadable')]) || 'nobody'}; ${link.kind} link`;
};

const groupsPage: Way = async (sample) => {
  const { source } = await open(served(sample));
  const page = await source.groupsPage({ groupIds: [group(1)] })();
  if (E.isLeft(page)) return failed(page.left);
  const said = page.right.items.map((item) => {
    if (item._tag === 'GroupRemoved') return `removed (${item.reason})`;
    const members = counted(item.members.map(({ kind, present }) => `${kind} ${present ? 'in' : 'out'}`));
    return `group of ${members || 'nobody'}`;
  });
  return `${counted(said) || 'no group'}; ${page.right.link.kind} link`;
};

const failedPage =
  (status: number, location?: true): Way =>
  async ({ text }) => {
    const { source, baseUrl } = await open((origin) =>
      served({ text, status }, location ? { location: `${origin}/v1.0/users/delta?$deltatoken=` } : {})(origin),
    );
    const page = await source.usersPage(by(`${baseUrl}/users/delta?$deltatoken=x`))();
    return E.isLeft(page) ? failed(page.left) : 'a page';
  };

/** As the answer to the one question that stands in a batch. */
const inner = (body: unknown, status = 200) => ({ responses: [{ id: '1', status, body }] });

const profile: Way = async ({ text }) => {
  const body = { ...objectIn(text) };
  const { source } = await open(served({ text: JSON.stringify(inner({ ...body, id: user(1) })) }));
  const [read] = E.getOrElse((): ReadonlyArray<{ readonly _tag: string }> => [])(
    await source.readProfiles([user(1)])(),
  );
  if (read?._tag !== 'Found') return `refused: ${JSON.stringify(read)}`;
  const { user: found } = read as unknown as { user: { attributes: object; manager: { managerId?: string | null } } };
  const nulls = Object.values(found.attributes).filter((value) => value === null).length;
  return `found with ${String(nulls)} null, ${typeof found.manager.managerId === 'string' ? 'a manager' : 'no manager'}`;
};

const photo =
  (status = 200): Way =>
  async ({ text }) => {
    const { source } = await open(served({ text: JSON.stringify(inner(objectIn(text), status)) }));
    const [read] = E.getOrElse((): ReadonlyArray<{ readonly _tag: string }> => [])(
      await source.photos.read([user(1)])(),
    );
    return read?._tag ?? 'nothing';
  };

const subscription: Way = async (sample) => {
  const { subscriptions } = await open(served(sample));
  const read = await subscriptions.renew('x', '2026-12-01T00:00:00Z')();
  return E.isLeft(read) ? failed(read.left) : `subscription to ${String(read.right?.resource.toLowerCase())}`;
};

const subscriptionsListed: Way = async (sample) => {
  const { subscriptions } = await open(served(sample));
  const read = await subscriptions.list()();
  return E.isLeft(read) ? failed(read.left) : `${String(read.right.length)} subscription`;
};

const newSubscription = {
  resource: '/users',
  notificationUrl: 'https://sync.contoso.com/hook',
  lifecycleNotificationUrl: 'https://sync.contoso.com/hook',
  clientState: 'secret',
  expiresAt: '2026-12-01T00:00:00.000Z',
} as const;

const refusedSubscription =
  (status: number): Way =>
  async ({ text }) => {
    const { subscriptions } = await open(served({ text, status }));
    const made = await subscriptions.create(newSubscription)();
    return E.isLeft(made) ? failed(made.left) : 'made';
  };

const throttled: Way = async ({ text }) => {
  const [head, body] = text.startsWith('HTTP') ? text.split(/\r?\n\r?\n/) : ['', text];
  const after = /^retry-after: *(\S+)/im.exec(head ?? '')?.[1];
  const headers: Record<string, string> = after === undefined ? {} : { 'retry-after': after };
  const { source, world } = await open(served({ text: body ?? '', status: 429 }, headers));
  const read = await source.readGroup(group(1))();
  const waited = after === undefined ? 'backs off' : `waits ${after} s`;
  return E.isLeft(read) && read.left._tag === 'GraphThrottled' && (after === undefined) === world.slept.length > 0
    ? waited
    : 'no wait';
};

const error: Way = async ({ text }) => {
  const { source } = await open(served({ text, status: 400 }));
  const read = await source.readGroup(group(1))();
  return E.isLeft(read) ? failed(read.left) : 'read';
};

const nested: Way = async (sample) => {
  const { source } = await open(served(sample));
  const read = await source.readNestedGroups(group(1))();
  return E.isLeft(read) ? failed(read.left) : `${String(read.right.length)} groups`;
};

const token: Way = async ({ text }) => {
  const { status } = 'error' in objectIn(text) ? { status: 400 } : { status: 200 };
  const authority = await openServer(() => ({ text, status }));
  const { source } = await openScripted(() => ({ json: { id: group(1) } }), { patienceMs: 300 }, authority);
  const read = await source.readGroup(group(1))();
  return E.isLeft(read) ? `refused: ${read.left._tag} ${'code' in read.left ? read.left.code : ''}` : 'signed in';
};

const batch: Way = async ({ text }) => {
  const { responses } = objectIn(text) as { responses: ReadonlyArray<{ id: string }> };
  const { source } = await open(() => ({
    // Under the ids of our questions, in the order of the sample.
    json: { responses: responses.map((answer, n) => ({ ...answer, id: String(n + 1) })) },
  }));
  const read = await source.photos.read(responses.map((_, n) => user(n)))();
  return E.isLeft(read) ? failed(read.left) : counted(read.right.map(({ _tag }) => _tag));
};

const bytes = new TextEncoder();
const notification: Way = async ({ text }) => {
  const wrapped = text.includes('"value"') ? text : `{"value":[${text}]}`;
  const decoded = decodeNotification(bytes.encode(wrapped), { depth: 32, items: 100, values: 10_000 });
  if (decoded._tag !== 'Items') return `refused: ${decoded._tag}`;
  const said = decoded.items.map((item) =>
    item === undefined
      ? 'no item'
      : `${item.kind._tag === 'Change' ? 'change' : item.kind.event} of ${item.resource ?? 'nothing named'}${item.tenantId === undefined ? '' : ' in a tenant'}`,
  );
  return counted(said);
};

/** What we send in its place: each of our keys is one of the document's, with a value of the same type. */
const sent =
  (ask: (opened: Awaited<ReturnType<typeof open>>) => Promise<unknown>): Way =>
  async ({ text }) => {
    const opened = await open(() => ({ status: 400 }));
    await ask(opened);
    const ours = objectIn(opened.server.asked[0]!.body);
    const theirs = objectIn(text);
    const odd = Object.keys(ours).filter((key) => typeof ours[key] !== typeof theirs[key]);
    return odd.length === 0 ? 'sent alike' : `sent with ${odd.join(', ')} of our own`;
  };

/** Nothing is asked that is answered so, or sent that asks so. */
const unused: Way = () => Promise.resolve('never sent');

const expiredPage: Way = async ({ text }) => {
  // As it was pasted: the inside of the envelope.
  const { source, baseUrl } = await open(served({ text: `{"error":${text}}`, status: 400 }));
  const page = await source.usersPage(by(`${baseUrl}/users/delta?$skiptoken=x`))();
  return E.isLeft(page) ? failed(page.left) : 'a page';
};

const table: Readonly<Record<string, readonly [Way, string]>> = {
  'batch-dependson-request.json': [unused, 'never sent'],
  'batch-photos-request.observed.json': [unused, 'never sent'],
  'batch-photos-response.observed.json': [batch, '1 Unreadable, 1 NoPhoto'],
  'batch-request.json': [sent(({ source }) => source.readProfiles([user(1)])()), 'sent alike'],
  // A redirect, a refusal, and answers to other questions: each says nothing of the one that was asked, and is not followed.
  'batch-response.json': [batch, '5 Unreadable'],
  'change-notification-group-deleted-as-updated.observed.json': [notification, '1 change of groups in a tenant'],
  'change-notification-group-member-added-and-removed.observed.json': [notification, '1 change of groups in a tenant'],
  'change-notification-group-member-added.observed.json': [notification, '1 change of groups in a tenant'],
  'change-notification-message.json': [notification, '1 change of users in a tenant'],
  'change-notification-resource-type.json': [notification, '1 string of other in a tenant'],
  'change-notification-two-tenants-validation-tokens.json.txt': [notification, '2 change of nothing named in a tenant'],
  'change-notification-user-updated.observed.json': [notification, '1 change of users in a tenant'],
  'checkmembergroups-request.json': [unused, 'never sent'],
  'deleted-groups.json': [unused, 'never sent'],
  'delta-410-resyncrequired.observed.json': [
    failedPage(410, true),
    'refused: ResyncRequired resyncRequired with a Location',
  ],
  // Cut off where it was pasted: the status says it all.
  'delta-410-syncstatenotfound.observed.json.txt': [failedPage(410), 'refused: ResyncRequired gone'],
  'delta-syncstatenotfound.observed.json': [failedPage(400), 'refused: ResyncRequired SyncStateNotFound'],
  // One stream for both: its links are not those of groups/delta.
  'directoryobjects-delta-users-and-groups.json': [groupsPage, 'refused: UnsafeLink'],
  'directoryobjects-getbyids-request.json': [unused, 'never sent'],
  'directoryobjects-getbyids-response.json': [unused, 'never sent'],
  'error-envelope.json': [error, 'refused: GraphProtocol groups/{id} was refused (400 badRequest)'],
  'error-with-client-request-id.json': [error, 'refused: GraphProtocol groups/{id} was refused (400 BadRequest)'],
  'group-members-limited-info.json': [unused, 'never sent'],
  'group-transitive-members-groups-cast.json.txt': [nested, '2 groups'],
  'group-transitive-members-users-select-count.json': [unused, 'never sent'],
  'group-transitive-members.json': [nested, '1 groups'],
  // Of a group or a person without an id nothing can be known: the documents left it out, Graph never does.
  'groups-delta-default-properties.json': [
    groupsPage,
    'refused: GraphProtocol groups/delta, item 0: "id" is not as documented',
  ],
  'groups-delta-final-page.json': [groupsPage, '2 group of nobody; delta link'],
  'groups-delta-initial-page.json': [groupsPage, '1 group of 2 user in, 1 group of nobody; next link'],
  // An id that is one character short: whose membership that is cannot be known.
  'groups-delta-large-group-page1.json.txt': [
    groupsPage,
    'refused: GraphProtocol groups/delta, item 0: "members@delta.id" is not as documented',
  ],
  'groups-delta-large-group-page2.json.txt': [groupsPage, '1 group of 1 user out, 1 user in; next link'],
  'groups-delta-membership-change.json': [
    groupsPage,
    'refused: GraphProtocol groups/delta, item 0: "members@delta.id" is not as documented',
  ],
  'groups-delta-minimal.json': [groupsPage, 'refused: GraphProtocol groups/delta, item 0: "id" is not as documented'],
  'groups-delta-next-page.json': [groupsPage, '1 group of 1 user in, 1 group of 2 user in; next link'],
  'groups-delta-no-changes.json': [groupsPage, 'no group; delta link'],
  'lifecycle-notification-organizationid.observed.json.txt': [
    notification,
    '1 reauthorizationrequired of nothing named in a tenant',
  ],
  'lifecycle-notification.json': [
    notification,
    '1 subscriptionremoved or missed or reauthorizationrequired of nothing named in a tenant',
  ],
  'lifecycle-renew-request.json': [
    sent(({ subscriptions }) => subscriptions.renew('x', '2026-12-01T00:00:00Z')()),
    'sent alike',
  ],
  'paging-expired-page-token.observed.json': [expiredPage, 'refused: PageExpired Directory_ExpiredPageToken'],
  'profile-photo-error-no-mailbox.json': [photo(404), 'NoPhoto'],
  'profile-photo-metadata-no-photo.json': [photo(), 'NoPhoto'],
  'profile-photo-metadata.json': [photo(), 'Photo'],
  'subscription-create-request.json': [
    sent(({ subscriptions }) => subscriptions.create(newSubscription)()),
    'sent alike',
  ],
  'subscription-create-response-groups.observed.json': [subscription, 'subscription to groups'],
  'subscription-create-response.json': [subscription, "subscription to me/mailfolders('inbox')/messages"],
  'subscription-error-changetype-created.observed.json': [
    refusedSubscription(400),
    'refused: GraphProtocol subscriptions was refused (400 InvalidRequest)',
  ],
  'subscription-error-quota.observed.json': [refusedSubscription(403), 'refused: SubscriptionRefused quota'],
  'subscription-error-validation-timeout.observed.json': [
    refusedSubscription(400),
    'refused: SubscriptionRefused validation',
  ],
  'subscription-get-storage-extension-error.observed.json': [
    refusedSubscription(403),
    'refused: SubscriptionRefused permission',
  ],
  'subscription-list-response.json': [subscriptionsListed, '1 subscription'],
  'subscription-renew-request.json': [
    sent(({ subscriptions }) => subscriptions.renew('x', '2026-12-01T00:00:00Z')()),
    'sent alike',
  ],
  'subscription-renew-response.json': [subscription, 'subscription to me/messages'],
  // A description of the type, with words in the place of values.
  'subscription-resource-type.json': [
    subscription,
    'refused: GraphProtocol subscriptions/{id} did not answer as documented',
  ],
  'throttled-429-unknownerror.observed.json': [throttled, 'backs off'],
  'throttled-429.http.txt': [throttled, 'waits 10 s'],
  'throttled-429.json': [throttled, 'backs off'],
  'token-error.json': [token, 'refused: GraphCredentials AADSTS70011'],
  'token-response.json': [token, 'signed in'],
  'user-direct-reports.json': [unused, 'never sent'],
  'user-get.json': [profile, 'found with 2 null, no manager'],
  'user-manager-chain.json': [profile, 'found with 0 null, a manager'],
  'user-manager.json': [profile, 'found with 0 null, no manager'],
  'users-delta-changes-with-removed.json': [usersPage, '1 observed, 1 removed (soft); delta link'],
  'users-delta-default-properties.json': [usersPage, '1 observed; next link'],
  'users-delta-final-page.json': [usersPage, '2 observed; delta link'],
  'users-delta-initial-page.json': [usersPage, '3 observed, 1 removed (permanent); next link'],
  'users-delta-manager.json.txt': [usersPage, '1 observed with a manager; delta link'],
  'users-delta-minimal-null.json': [usersPage, 'refused: GraphProtocol users/delta, item 0: "id" is not as documented'],
  'users-delta-minimal.json': [usersPage, 'refused: GraphProtocol users/delta, item 0: "id" is not as documented'],
  'users-delta-next-page.json': [usersPage, '2 observed; next link'],
  'users-delta-no-changes.json': [usersPage, 'nobody; delta link'],
  'users-delta-select-null.json': [usersPage, 'refused: GraphProtocol users/delta, item 0: "id" is not as documented'],
  'validation-token-claims.json.txt': [unused, 'never sent'],
};

/** What the documents left out or put in for the reader, taken away: comments, dots, and commas before an end. */
const asMeant = (text: string): string => {
  const lines = text.split('\n').filter((line) => !/^\s*(\/\/|\.\.\.|<\.\.\.)/.test(line));
  return lines
    .join('\n')
    .replace(/, \.\.\. \}/g, ' }')
    .replace(/\{"<[^"]*>"\}/g, '{}')
    .replace(/,(\s*[}\]])/g, '$1');
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const expectDecoded = async (folder: string, file: string): Promise<void> => {
  const text = readFileSync(join(folder, file), 'utf8');
  const [way, becomes] = table[file] ?? [unused, 'a file that the table does not know'];
  if (way === unused) {
    expect(becomes).toBe('never sent');
    return;
  }
  const isMeant = file.endsWith('.json.txt') && isJson(asMeant(text));
  expect(await way({ text: isMeant ? asMeant(text) : text })).toBe(becomes);
  // As it stands there it is no JSON, and is no answer.
  if (isMeant) expect(await way({ text })).toMatch(/^refused: (GraphUnreachable .* not JSON|NoNotification)$/);
};

const fixtures = fileURLToPath(new URL('../../packages/graph/src/testing/fixtures/', import.meta.url));

describe('a body in the shape of the documents', () => {
  it.each(Object.keys(table))('%s becomes what the table says', async (file) => {
    await expectDecoded(fixtures, file);
  });

  it('has a fixture for each line of the table, and the other way round', () => {
    expect(readdirSync(fixtures).sort()).toEqual(Object.keys(table).sort());
  });

  const originals = process.env['GRAPH_SAMPLES'];
  const found = originals === undefined ? [] : readdirSync(originals).filter((file) => file !== 'INDEX.md');
  it('becomes the same where the originals are at hand', async () => {
    for (const file of found) await expectDecoded(originals ?? '', file);
    expect(found.filter((file) => table[file] === undefined)).toEqual([]);
  });
});
