import type { PersonAt } from '@learnamp/directory-sync';
import { expect, it } from 'vitest';
import { idOf } from '../support/simulator-settings.js';
import { calm, openStage, type Stage } from '../support/stage.js';

const byWholeFold = async (stage: Stage, userId: string, revision: bigint): Promise<PersonAt | undefined> => {
  for await (const step of stage.engine().stateAt({ revision }, { userIds: [idOf(userId)] }))
    if (step._tag === 'Person') return step;
  return undefined;
};

/** The path at a past moment is told by what is recorded of the person, and names are told of one person alone. */
const without = (sides: PersonAt | undefined, ...parts: ReadonlyArray<'groupPath' | 'groupNames'>) => {
  if (sides?.directory === null || sides === undefined) return sides;
  const left = Object.entries(sides.directory).filter(([name]) => !parts.some((part) => part === name));
  return { ...sides, directory: Object.fromEntries(left) };
};
const withoutPath = (sides: PersonAt | undefined) => without(sides, 'groupPath', 'groupNames');

const openStory = async () => {
  const stage = await openStage({ graph: calm });
  const ben = stage.hire('Ben Ode', { department: 'Sales' });
  const ann = stage.hire('Ann Lee', { jobTitle: 'Engineer', department: 'Sales' });
  stage.crew(8);
  stage.directory.setManager(ann, ben);
  await stage.sync();
  stage.directory.updateUser(ann, { jobTitle: 'Captain', department: 'Ships' });
  stage.directory.clearManager(ann);
  await stage.sync();
  stage.leave(ann);
  await stage.sync();
  stage.directory.addMember(stage.directory.scopeGroupId, ann);
  await stage.sync();
  return { stage, ann };
};

it('one person stands now as the fold of the whole log says', async () => {
  const { stage, ann } = await openStory();
  const head = BigInt((await stage.engine().status()).head?.revision ?? 0);
  const now = await stage.engine().person(idOf(ann));
  expect(without(now, 'groupNames')).toEqual(await byWholeFold(stage, ann, head));
});

it('and stood at each event of theirs as a fold of the whole log up to it says', async () => {
  const { stage, ann } = await openStory();
  const { events } = await stage.engine().why(idOf(ann));
  expect(events.length).toBeGreaterThan(10);
  for (const { revision, type } of events) {
    const at = BigInt(revision);
    const sides = withoutPath(await stage.engine().person(idOf(ann), { revision: at }));
    expect([type, sides]).toEqual([type, withoutPath(await byWholeFold(stage, ann, at))]);
  }
});

it('nothing is told of somebody who was never seen, nor of the time before', async () => {
  const { stage, ann } = await openStory();
  expect(await stage.engine().person(idOf('0b0f6a1c-0000-4000-8000-000000000001'))).toBeUndefined();
  expect(await stage.engine().person(idOf(ann), { revision: 0n })).toBeUndefined();
});

it('the way through the groups is told of a past moment as it was, and of none at which it held no longer', async () => {
  const stage = await openStage({ graph: calm });
  const { directory } = stage;
  const [berlin, sales] = [directory.addGroup({ displayName: 'Berlin' }), directory.addGroup({ displayName: 'Sales' })];
  directory.nestGroup(directory.scopeGroupId, berlin);
  directory.nestGroup(directory.scopeGroupId, sales);
  const ann = stage.hire('Ann Lee', {}, berlin);
  stage.crew(4);
  await stage.sync();
  const joined = BigInt((await stage.engine().status()).head?.revision ?? 0);
  directory.addMember(sales, ann);
  directory.removeMember(berlin, ann);
  await stage.sync();
  const wayAt = async (revision?: bigint) => {
    const sides = await stage.engine().person(idOf(ann), { revision });
    return [sides?.directory?.groupPath, sides?.directory?.groupNames];
  };
  const scope = directory.scopeGroupId;
  expect(await wayAt()).toEqual([
    [scope, sales],
    ['Learn Amp users', 'Sales'],
  ]);
  expect(await wayAt(joined)).toEqual([
    [scope, berlin],
    ['Learn Amp users', 'Berlin'],
  ]);
  const moved = BigInt((await stage.engine().status()).head?.revision ?? 0);
  expect(await wayAt(moved)).toEqual([[], []]);
});
