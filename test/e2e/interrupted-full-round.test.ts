import { describe, expect, it } from 'vitest';
import { news } from '../support/report.js';
import { calm, openStage, type Stage } from '../support/stage.js';

const refusal = (status: number, code: string) => ({ status, body: { error: { code, message: 'x' } } });

/** What ends a page; those that last are there until the process has gone. */
const interruptions = {
  'the connection breaks': { action: 'reset', times: undefined },
  'the answer is cut in the middle': { action: 'truncate', times: undefined },
  'the page token dies': { action: refusal(400, 'Directory_ExpiredPageToken'), times: 1 },
  'the delta token dies': { action: refusal(400, 'syncStateNotFound'), times: 1 },
  'the service is moved': { action: { ...refusal(410, ''), headers: { location: '' } }, times: 1 },
  'the permission goes': { action: refusal(403, 'Authorization_RequestDenied'), times: undefined },
} as const;

type Interruption = keyof typeof interruptions;

/** Which of the two ways of reading the people a full cycle takes (design D12). */
const readings = { 'the whole tenant': 0, 'those of the group': 45 } as const;

const openNested = async (outsiders: number) => {
  const stage = await openStage({
    graph: { ...calm, pageSize: { min: 1, max: 2 }, sliceSize: { min: 2, max: 2 }, shuffle: true },
    patienceMs: 40,
    storage: 'memory',
    preferences: { deactivationHold: { enabled: false } },
  });
  const { directory } = stage;
  const nested = directory.addGroup({ displayName: 'Nested' });
  directory.nestGroup(directory.scopeGroupId, nested);
  const crew = [...stage.crew(4), ...stage.crew(3, {}, nested)];
  for (let n = 0; n < outsiders; n += 1)
    directory.addUser({ displayName: `Other ${n}`, userPrincipalName: `other.${n}@fabrikam.example` });
  await stage.sync();
  return { stage, nested, crew };
};

/** Something of each kind happens while the read is under way: by the number of the page. */
const change = ({ stage, nested, crew }: Awaited<ReturnType<typeof openNested>>, page: number): void => {
  const { directory } = stage;
  const members = crew.filter((userId) => directory.reachableUsers().has(userId));
  const [mover = '', leaver = ''] = members.slice(page % (members.length - 1));
  directory.updateUser(members[0] ?? '', { jobTitle: `After page ${page}` });
  directory.updateUser(members.at(-1) ?? '', { jobTitle: `Also after page ${page}` });
  const [from, to] = directory.group(nested).memberIds.has(mover)
    ? [nested, directory.scopeGroupId]
    : [directory.scopeGroupId, nested];
  directory.removeMember(from, mover);
  if (!directory.group(to).memberIds.has(mover)) directory.addMember(to, mover);
  for (const groupId of [nested, directory.scopeGroupId])
    if (directory.group(groupId).memberIds.has(leaver)) directory.removeMember(groupId, leaver);
  crew.push(...stage.crew(1, {}, page % 2 === 0 ? nested : undefined));
};

/** Who is not at Learn Amp as the directory has them now. */
const outOfStep = ({ stage, crew }: Awaited<ReturnType<typeof openNested>>): ReadonlyArray<string> => {
  const reachable = stage.directory.reachableUsers();
  return crew.flatMap((userId) => {
    const account = stage.accountOf(userId);
    const isActive = account !== undefined && account.status !== 'deactivated';
    if (isActive !== reachable.has(userId)) return [`${userId} is ${isActive ? '' : 'not '}active`];
    const wanted = stage.directory.user(userId).properties.jobTitle ?? null;
    return isActive && account.jobTitle !== wanted ? [`${userId}: ${account.jobTitle ?? 'no title'}`] : [];
  });
};

/** Nobody was sent away who is still there. */
const goneWrongly = async (stage: Stage): Promise<ReadonlyArray<string>> => {
  const reachable = stage.directory.reachableUsers();
  const status = new Map<string, string>();
  for (const { type, data } of await stage.events('UserJoinedGroup', 'UserLeftGroup'))
    status.set((data as { readonly userId: string }).userId, type);
  return [...status].flatMap(([id, type]) => (type === 'UserLeftGroup' && reachable.has(id) ? [id] : []));
};

const cases = Object.keys(readings).flatMap((reading) =>
  Object.keys(interruptions).map((what) => [reading, what] as [keyof typeof readings, Interruption]),
);

describe('a full read that is interrupted at each of its answers', () => {
  it.each(cases)(
    'of %s takes nobody for gone and loses no change: %s',
    async (reading, what) => {
      const company = await openNested(readings[reading]);
      const { stage } = company;
      const { faults } = stage.simulator;
      const { action, times } = interruptions[what];
      for (let page = 1; ; page += 1) {
        // What the read itself finds is recorded page by page: it stands where it broke off.
        change(company, page);
        let asked = 0;
        const fault = faults.add({
          ...{ system: 'graph', path: /delta|\$batch|members|\/groups\/[^/]+$/i, action },
          match: () => {
            // Right before it breaks off: of what was read already the news has to come by itself.
            asked += 1;
            if (asked === Math.max(1, page - 1)) change(company, page);
            return true;
          },
          ...(times === undefined ? { from: page } : { from: page, times }),
        });
        const broken = await stage.sync({ full: true });
        const isOver = fault.hits() === 0;
        fault.remove();
        const where = `page ${page}`;
        expect(await goneWrongly(stage), where).toEqual([]);
        await stage.reopen();
        // What changed goes on from there and brings all of it; a full read has nothing to add.
        expect(await stage.sync(), where).toMatchObject({ ok: true, exitCode: 0, people: { held: 0 } });
        expect(await goneWrongly(stage), where).toEqual([]);
        expect(outOfStep(company), where).toEqual([]);
        const whole = await stage.sync({ full: true });
        expect({ ok: whole.ok, news: news(whole), commands: whole.commands }, where).toEqual({
          ...{ ok: true, commands: {} },
          news: {},
        });
        if (isOver) {
          expect(broken.ok).toBe(true);
          expect(page).toBeGreaterThan(10);
          break;
        }
      }
      // Old and new cursors are not both followed for ever.
      expect((await stage.engine().status()).cursors).toHaveLength(2);
      await stage.checkInvariants();
    },
    240_000,
  );
});
