import { defaultPreferences } from '@learnamp/directory-sync-domain';
import type { DirectoryEvent, ObjectId } from '@learnamp/directory-sync-domain';
import { directoryEvents } from '@learnamp/directory-sync-domain';
import {
  defineEvents,
  makeMemoryEventLog,
  makeMemoryKeyStore,
  openEventStream,
} from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histories, madeTypes } from '../../packages/domain/src/testing/arbitrary-events.js';
import { openCompany, type Company } from '../../packages/domain/src/testing/company.js';
import { person } from '../../packages/domain/src/testing/made-ids.js';
import { planBasis } from '../../packages/engine/src/deliver/idle.js';
import { foldTail } from '../../packages/engine/src/open-stream.js';
import { makeEngineState, type EngineState } from '../../packages/engine/src/state/engine-state.js';
import { standingAttention } from '../../packages/engine/src/views/standing.js';
import { makeStandingLook } from '../../packages/engine/src/views/standing-look.js';
import { madeHistory } from '../bench/support/made-history.js';

const preferences = defaultPreferences;

const openLook = () => {
  const log = makeMemoryEventLog();
  let id = 0;
  const stream = openEventStream<DirectoryEvent>({
    ...{ log, keys: makeMemoryKeyStore(), registry: defineEvents(directoryEvents) },
    ...{ name: 'a stream', owner: 'connection:a', now: () => new Date(0), newId: () => `event-${(id += 1)}` },
  });
  const state = makeEngineState();
  const append = async (events: ReadonlyArray<DirectoryEvent>): Promise<void> => {
    const appended = await stream.append('any', events, { correlationId: 'c', causationId: 'c' })();
    if (E.isLeft(appended)) throw new Error(appended.left._tag);
    await foldTail(stream, state);
  };
  return { state, append, look: makeStandingLook({ log, preferences }, stream) };
};

const act = (company: Company, step: string, [userId, n]: readonly [ObjectId, number]): void => {
  const isIn = company.person(userId)?.inScope === true;
  const address = `person${String(n)}@contoso.com`;
  if (step === 'sync') company.sync();
  else if (step === 'join' && !isIn) company.join(userId, { userPrincipalName: address });
  else if (step === 'leave' && isIn) company.leave(userId);
  else if (step === 'rename' && isIn) company.tell(userId, 'UserPrincipalNameChanged', address);
  else if (step === 'manage' && isIn) company.manage(userId, person(n));
};

/** Everybody counts as planned, so that whoever is noted from here on is. */
const settle = (state: EngineState): void => {
  const { work } = state;
  work.beginSweep();
  const busy = new Map(standingAttention(state, preferences).map(({ userId }) => [userId, true]));
  for (const userId of state.everybody()) busy.set(userId, true);
  work.settlePlans({ plannedWith: planBasis(preferences), busy, swept: true });
};

describe('who needs a look, asked again and again', () => {
  it('is who would be found by planning everybody, behind every batch of a company', async () => {
    const { state, append, look } = openLook();
    let found = 0;
    for (const { events } of madeHistory({ people: 25, events: 900 }, 'a key store')) {
      for (let at = 0; at < events.length; at += 40) {
        await append(events.slice(at, at + 40));
        const attention = await look(state);
        expect(attention).toEqual(standingAttention(state, preferences));
        found += attention.length;
      }
      if (state.work.isEverybodyPending(planBasis(preferences))) settle(state);
    }
    expect(found).toBeGreaterThan(0);
  });

  it('is so where people take addresses from one another, manage one another, leave and return', async () => {
    const who = fc.nat({ max: 4 });
    const steps = fc.array(
      fc.oneof(
        fc.tuple(fc.constant('rename' as const), who, who),
        fc.tuple(fc.constant('manage' as const), who, who),
        fc.tuple(fc.constantFrom('leave' as const, 'join' as const, 'sync' as const), who, who),
      ),
      { minLength: 8, maxLength: 24 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const { state, append, look } = openLook();
        const company = openCompany();
        let told = 0;
        for (const [step, one, other] of [['join', 0, 0] as const, ['join', 1, 1] as const, ...taken]) {
          act(company, step, [person(one), other]);
          const events = company.history().slice(told);
          told += events.length;
          if (events.length > 0) await append(events);
          expect(await look(state)).toEqual(standingAttention(state, preferences));
        }
      }),
      {
        numRuns: Number(process.env['RUNS'] ?? 60),
        // Found once: whose address came free, after it had been somebody else's twice.
        examples: [
          [
            [
              ['sync', 0, 0],
              ['join', 2, 0],
              ['join', 0, 0],
              ['rename', 0, 1],
              ['leave', 0, 0],
            ],
          ],
          [
            [
              ['sync', 0, 0],
              ['join', 2, 1],
              ['rename', 1, 0],
              ['rename', 1, 1],
              ['leave', 0, 0],
            ],
          ],
        ],
      },
    );
  });

  it('plans nobody again behind what is about nobody', async () => {
    const { state, append, look } = openLook();
    for (const { events } of madeHistory({ people: 25, events: 400 }, 'a key store')) await append(events);
    let read = 0;
    const counted: EngineState = {
      ...state,
      person: (userId) => {
        read += 1;
        return state.person(userId);
      },
    };
    const before = await look(counted);
    expect(read).toBeGreaterThan(0);
    read = 0;
    await append([
      { type: 'ConnectionPaused', data: { actor: 'Ann', reason: 'a test' } },
      { type: 'ConnectionResumed', data: { actor: 'Ann', reason: 'a test' } },
    ]);
    expect(await look(counted)).toEqual(before);
    expect(read).toBe(0);
    expect(await look(counted)).toEqual(standingAttention(state, preferences));
  });

  it('is so for any history, told in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(histories(madeTypes), fc.array(fc.integer({ min: 1, max: 6 })), async (history, sizes) => {
        const { state, append, look } = openLook();
        for (let at = 0, cut = 0; at < history.length; cut += 1) {
          const size = sizes[cut % Math.max(1, sizes.length)] ?? 3;
          await append(history.slice(at, at + size));
          at += size;
          expect(await look(state)).toEqual(standingAttention(state, preferences));
        }
      }),
      { numRuns: 25 },
    );
  });
});
