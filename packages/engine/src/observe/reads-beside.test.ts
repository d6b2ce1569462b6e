import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { DirectorySource, GraphFailure, ProfileRead } from '@learnamp/directory-sync-graph';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { makeReadsBeside } from './reads-beside.js';

const ids = (from: number, to: number): ReadonlyArray<ObjectId> =>
  Array.from(
    { length: to - from },
    (_, n) => `00000000-0000-4000-8000-${String(from + n).padStart(12, '0')}` as ObjectId,
  );

const found = (userId: ObjectId): ProfileRead => ({
  _tag: 'Found',
  user: { _tag: 'UserObserved', userId, attributes: {}, manager: { _tag: 'Known', managerId: null }, complete: true },
  requestId: undefined,
});

type Answer = E.Either<GraphFailure, ReadonlyArray<ProfileRead>>;

/** A Graph whose answers are given by hand. */
const byHand = () => {
  const asked: (readonly ObjectId[])[] = [];
  let answer: (answer: Answer) => void = () => undefined;
  const readProfiles: DirectorySource['readProfiles'] = (userIds, options) => () => {
    asked.push([...userIds]);
    return new Promise((resolve) => {
      answer = resolve;
      options?.signal?.addEventListener('abort', () => resolve(E.left({ _tag: 'GraphAborted' })));
    });
  };
  return {
    asked,
    directory: { readProfiles } as DirectorySource,
    answer: async (given: Answer) => {
      answer(given);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
};

const open = (isNeeded: (userId: ObjectId) => boolean = () => true) => {
  const graph = byHand();
  return { ...graph, beside: makeReadsBeside({ directory: graph.directory, signal: undefined }, isNeeded) };
};

const idsIn = (reads: ReadonlyArray<{ readonly user: { readonly userId: ObjectId } }>) =>
  reads.map(({ user }) => user.userId);

describe('direct reads beside a round', () => {
  it('are four requests of twenty at a time, one after the other, and each answer is taken once', async () => {
    const { asked, answer, beside } = open();
    beside.add(ids(0, 100));
    expect(asked).toEqual([ids(0, 80)]);
    expect(beside.take()).toEqual([]);
    await answer(E.right(ids(0, 80).map(found)));
    expect(asked).toEqual([ids(0, 80), ids(80, 100)]);
    expect(idsIn(beside.take())).toEqual(ids(0, 80));
    expect(beside.take()).toEqual([]);
    await answer(E.right(ids(80, 100).map(found)));
    expect(idsIn(beside.take())).toEqual(ids(80, 100));
  });

  it('wait until a request is full, so that pages of one object each cost no request each', async () => {
    const { asked, beside } = open();
    beside.add(ids(0, 19));
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual([]);
    beside.add(ids(19, 39));
    expect(asked).toEqual([ids(0, 20)]);
  });

  it('are not made of whom a later page told what was missing', async () => {
    const told = new Set<ObjectId>();
    const { asked, answer, beside } = open((userId) => !told.has(userId));
    beside.add(ids(0, 105));
    for (const userId of ids(80, 85)) told.add(userId);
    await answer(E.right([]));
    expect(asked).toEqual([ids(0, 80), ids(85, 105)]);
  });

  it('count for nothing once a page that came later speaks of the person, before or after the answer', async () => {
    const { answer, beside } = open();
    const [ann, ben, ...others] = ids(0, 20) as [ObjectId, ObjectId, ...ObjectId[]];
    beside.add(ids(0, 20));
    beside.mentioned(ann);
    await answer(E.right(ids(0, 20).map(found)));
    beside.mentioned(ben);
    expect(idsIn(beside.take())).toEqual(others);
  });

  it('leave whoever is not found, and everybody where they fail, to whoever reads the rest', async () => {
    const { asked, answer, beside } = open();
    const [ann, ...others] = ids(0, 20) as [ObjectId, ...ObjectId[]];
    beside.add(ids(0, 20));
    await answer(E.right([{ _tag: 'NotFound', userId: ann, requestId: undefined }, ...others.map(found)]));
    expect(idsIn(beside.take())).toEqual(others);
    beside.add(ids(20, 40));
    await answer(E.left({ _tag: 'GraphUnreachable', detail: 'the connection failed' }));
    await beside.finish();
    expect(beside.take()).toEqual([]);
    expect(asked).toHaveLength(2);
  });

  it('end at once where the round fails, and after what is on its way where it is complete', async () => {
    const failed = open();
    failed.beside.add(ids(0, 100));
    await failed.beside.end();
    expect(failed.asked).toHaveLength(1);

    const complete = open();
    complete.beside.add(ids(0, 100));
    const finished = complete.beside.finish();
    await complete.answer(E.right(ids(0, 80).map(found)));
    await finished;
    expect(complete.asked).toHaveLength(1);
    expect(complete.beside.take()).toHaveLength(80);
  });
});
