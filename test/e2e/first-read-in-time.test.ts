import {
  createDirectorySync,
  decodePreferences,
  mappedAttributes,
  openLearnAmpRest,
  openMicrosoftGraph,
} from '@learnamp/directory-sync';
import type { GraphServerOptions, Simulator } from '@learnamp/directory-sync-simulator';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { during, hire, lastingStores, openCompany } from '../support/running-engine.js';
import { graphSettingsOf, idOf, learnAmpSettingsOf } from '../support/simulator-settings.js';
import { calm } from '../support/stage.js';
import { makeVirtualTime } from '../support/virtual-time.js';

/** What one answer of Graph takes. */
const PAGE_MS = 300;
const PEOPLE = 800;

type Asked = { readonly url: string; readonly from: number; to: number };

/** A first sync up to the question whether it may be sent, of which each request to Graph takes its time. */
const firstSync = async (graph: GraphServerOptions, prepare: (company: Simulator) => void) => {
  const time = makeVirtualTime();
  const company = await openCompany(time, 1, graph);
  prepare(company);
  const asked: Asked[] = [];
  const answering = time.counting(company.fetch);
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.startsWith(company.graphUrl)) return answering(input, init);
    const request: Asked = { url, from: time.now().getTime(), to: 0 };
    asked.push(request);
    await time.sleep(PAGE_MS);
    const response = await answering(input, init);
    request.to = time.now().getTime();
    return response;
  };
  const world = { now: time.now, sleep: time.sleep, fetch };
  const preferences = decodePreferences({}, 'preferences');
  if (E.isLeft(preferences)) throw new Error(JSON.stringify(preferences.left));
  const sync = createDirectorySync({
    connectionId: 'fabrikam',
    tenantId: idOf(company.tenantId),
    groupId: idOf(company.scopeGroupId),
    preferences: preferences.right,
    ...lastingStores(),
    directory: openMicrosoftGraph(
      {
        tenantId: company.tenantId,
        ...graphSettingsOf(company, undefined),
        customAttributes: mappedAttributes(preferences.right),
      },
      world,
    ),
    learnAmp: openLearnAmpRest(learnAmpSettingsOf(company, preferences.right.externalId, undefined), world),
    settings: { graphBaseUrl: company.graphUrl, graphCredential: 'secret', learnAmpBaseUrl: company.learnAmpUrl },
    world: { now: time.now },
  });
  const report = await during(time, sync.sync({ confirmFirstSync: () => Promise.resolve(false) }));
  await sync.close();
  expect(report.error?.code).toBe('declined');
  const pages = asked.filter(({ url }) => /\/(users|groups)\/[^?]*delta/.test(url) && !/deltatoken=latest/i.test(url));
  return {
    report,
    asked,
    pages: pages.length,
    toLastPage: Math.max(...pages.map(({ to }) => to)) - Math.min(...asked.map(({ from }) => from)),
    toTheEnd: Math.max(...asked.map(({ to }) => to)) - Math.min(...asked.map(({ from }) => from)),
  };
};

describe(`a first read whose answers take ${PAGE_MS} ms each`, () => {
  it('takes little longer than its pages one after the other, nested groups, managers and counts included', async () => {
    const { report, asked, pages, toLastPage, toTheEnd } = await firstSync(
      { ...calm, pageSize: { min: 40, max: 40 }, sliceSize: { min: 100, max: 100 } },
      (company) => {
        const { directory } = company;
        const people = Array.from({ length: PEOPLE }, (_, n) => hire(company, `Crew ${n}`));
        const team = directory.addGroup({ displayName: 'Nested' });
        directory.nestGroup(directory.scopeGroupId, team);
        // One in ten is told without a manager, and has to be read directly.
        const [boss = ''] = people;
        people.forEach((userId, n) => {
          if (n > 0 && n % 10 > 0) directory.setManager(userId, boss);
          if (n % 2 === 0) directory.addMember(team, userId);
        });
      },
    );
    expect(report.people.inScope).toBe(PEOPLE);
    // Twenty pages of people, one of groups.
    expect(pages).toBe(21);
    expect(toLastPage).toBeLessThanOrEqual(1.2 * pages * PAGE_MS);
    expect(toTheEnd).toBeLessThanOrEqual(1.2 * pages * PAGE_MS);
    // The scope group, the cursor, the size of the tenant and what is nested go out together.
    expect(asked.filter(({ from }) => from === asked[0]?.from)).toHaveLength(4);
  });

  it('reads the group in as many rounds of four requests as its people need, and little more', async () => {
    const { report, asked, toTheEnd } = await firstSync(calm, (company) => {
      for (let n = 0; n < PEOPLE; n += 1) hire(company, `Crew ${n}`);
      for (let n = 0; n < 4 * PEOPLE; n += 1)
        company.directory.addUser({ displayName: `Other ${n}`, userPrincipalName: `other.${n}@fabrikam.example` });
    });
    expect(report.people.inScope).toBe(PEOPLE);
    const batches = asked.filter(({ url }) => url.endsWith('/$batch')).length;
    expect(batches).toBe(PEOPLE / 20);
    expect(toTheEnd).toBe((2 + batches / 4) * PAGE_MS);
  });
});
