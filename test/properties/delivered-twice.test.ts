import fc from 'fast-check';
import { expect, it } from 'vitest';
import { calm, openStage, type StageOptions } from '../support/stage.js';

// Whatever Graph tells twice, and however often it is asked, the log holds the same events, each once: in the other engine
// every page comes with repetitions, old changes come again, and further rounds run between the edits.

type Edit =
  | { readonly kind: 'hire' }
  | { readonly kind: 'leave' | 'return'; readonly who: number }
  | { readonly kind: 'move'; readonly who: number; readonly department: number };
type Turn = { readonly edit: Edit; readonly rounds: number };

const who = fc.nat({ max: 20 });
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Edit>({ kind: 'hire' }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('leave' as const, 'return' as const), who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('move' as const), who, department: fc.nat({ max: 2 }) }) },
);
const turns = fc.array(fc.record({ edit, rounds: fc.nat({ max: 2 }) }), { minLength: 3, maxLength: 7 });

/** What the log says about people, each person named by when they were hired. */
const told = async (story: ReadonlyArray<Turn>, graph: NonNullable<StageOptions['graph']>, again: boolean) => {
  const stage = await openStage({ storage: 'memory', graph, preferences: { deactivationHold: { enabled: false } } });
  const { directory } = stage;
  const hired = [stage.hire('Crew Zero'), stage.hire('Crew One')];
  const inGroup = new Set(hired);
  const act = (step: Edit): void => {
    if (step.kind === 'hire') {
      const userId = stage.hire(`Late Comer${hired.length}`);
      hired.push(userId);
      inGroup.add(userId);
      return;
    }
    const userId = hired[step.who % hired.length] ?? '';
    if (step.kind === 'move') directory.updateUser(userId, { department: `Department ${step.department}` });
    else if (step.kind === 'leave' && inGroup.delete(userId)) stage.leave(userId);
    else if (step.kind === 'return' && !inGroup.has(userId)) {
      inGroup.add(userId);
      directory.addMember(directory.scopeGroupId, userId);
    }
  };
  await stage.sync();
  for (const turn of story) {
    act(turn.edit);
    await stage.sync();
    for (let round = 0; again && round < turn.rounds; round += 1) await stage.sync();
  }
  const types = ['UserJoinedGroup', 'UserLeftGroup', 'GroupMemberAdded', 'GroupMemberRemoved', 'DepartmentChanged'];
  const lines = (await stage.events(...types)).map(({ type, data }) => {
    const { userId, memberId, to } = data as { readonly userId?: string; readonly memberId?: string; to?: unknown };
    return `${type} ${hired.indexOf(userId ?? memberId ?? '')} ${JSON.stringify(to ?? null)}`;
  });
  return lines.sort();
};

const repeating = { ...calm, duplicates: true, replays: true, shuffle: true, emptyPages: true };

it('every page and every wake-up delivered twice, in any interleaving, appends the same events once', async () => {
  await fc.assert(
    fc.asyncProperty(turns, async (story) => {
      expect(await told(story, repeating, true)).toEqual(await told(story, calm, false));
    }),
    { numRuns: 6, seed: 20_261_130 },
  );
}, 240_000);
