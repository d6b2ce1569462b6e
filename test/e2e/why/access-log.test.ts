import type { AccessesQuery, AccessView, PersonView } from '@learnamp/directory-sync';
import { openMemoryStores } from '@learnamp/directory-sync';
import { makeMemoryEventLog } from '@learnamp/directory-sync-event-sourcing';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, it } from 'vitest';
import { canariesIn } from '../../support/canaries.js';
import { connect } from '../../support/connect.js';
import { idOf } from '../../support/simulator-settings.js';
import { calm, openStage, type Stage, type StageOptions } from '../../support/stage.js';

const open = (options: StageOptions = {}) => openStage({ graph: calm, ...options });
const by = { actor: 'Sam Support' };

const accesses = async (stage: Stage, query: AccessesQuery = {}): Promise<ReadonlyArray<AccessView>> => {
  const found: AccessView[] = [];
  for await (const access of stage.engine().accesses(query)) found.push(access);
  return found;
};

const people = async (stage: Stage, query = {}): Promise<ReadonlyArray<PersonView>> => {
  const found: PersonView[] = [];
  for await (const person of stage.engine().people(query)) found.push(person);
  return found;
};

describe('who looks at people', () => {
  it('is recorded under a name, with whose data and how many', async () => {
    const stage = await open();
    const [ann = '', ben = ''] = stage.crew(3);
    await stage.sync();
    await stage.engine().why(idOf(ann), { by });
    await people(stage, { by });
    await people(stage, { by, userIds: [idOf(ann), idOf(ben)] });
    await stage.engine().exportPerson(idOf(ben), by);
    expect(await accesses(stage)).toMatchObject([
      { revision: '0', view: 'why', userIds: [ann], count: 1, actor: 'Sam Support' },
      { revision: '1', view: 'people', userIds: [], count: 3, actor: 'Sam Support' },
      { revision: '2', view: 'people', userIds: [ann, ben], count: 2 },
      { revision: '3', view: 'export', userIds: [ben], count: 1 },
    ]);
  });

  it('is found by person, looks at everybody included, and by time', async () => {
    let at = Date.UTC(2026, 0, 1);
    const stage = await open({ now: () => new Date((at += 1_000)) });
    const [ann = '', ben = ''] = stage.crew(3);
    await stage.sync();
    await stage.engine().why(idOf(ann), { by });
    await people(stage, { by });
    const between = new Date((at += 60_000));
    await stage.engine().why(idOf(ben), { by });
    const seen = async (query: AccessesQuery) => (await accesses(stage, query)).map(({ revision }) => revision);
    expect(await seen({ userIds: [idOf(ann)] })).toEqual(['0', '1']);
    expect(await seen({ userIds: [idOf(ben)] })).toEqual(['1', '2']);
    expect(await seen({ from: between })).toEqual(['2']);
  });

  it('is recorded before anybody is shown: a look that is broken off stands there, too', async () => {
    const stage = await open();
    stage.crew(3);
    await stage.sync();
    for await (const person of stage.engine().people({ by })) {
      expect(person.status).toBe('active');
      break;
    }
    expect(await accesses(stage)).toHaveLength(1);
  });

  it('does not move the connection’s own stream, its rows, or what a replay says', async () => {
    const stage = await open();
    const [ann = ''] = stage.crew(3);
    await stage.sync();
    const before = [await stage.engine().status(), await stage.engine().stateDigest(), await stage.events()] as const;
    await stage.engine().why(idOf(ann), { by });
    await people(stage, { by });
    expect((await stage.engine().status()).head).toEqual(before[0].head);
    expect(await stage.engine().stateDigest()).toBe(before[1]);
    expect(await stage.events()).toEqual(before[2]);
    expect((await stage.sync()).events).toEqual({});
  });

  it('has its names sealed: they stand in no file in clear', async () => {
    const stage = await open();
    const [ann = ''] = stage.crew(3);
    await stage.sync();
    await stage.engine().why(idOf(ann), { by: { actor: 'Quillon Xanthopoulos' } });
    expect(await accesses(stage)).toMatchObject([{ actor: 'Quillon Xanthopoulos' }]);
    expect(canariesIn(stage.folder, ['Quillon Xanthopoulos'])).toEqual([]);
  });

  it('is still told by the next process, and by one beside it', async () => {
    const stage = await open();
    const [ann = ''] = stage.crew(3);
    await stage.sync();
    await stage.engine().why(idOf(ann), { by });
    await stage.reopen();
    await stage.engine().why(idOf(ann), {});
    expect((await accesses(stage)).map(({ actor }) => actor)).toEqual(['Sam Support', 'unknown']);
  });

  it('is not recorded for a connection without events, and no stream is made for it', async () => {
    const stage = await open({ storage: 'memory' });
    await stage.engine().why(idOf('00000000-0000-4000-8000-0000000000aa'), { by });
    await people(stage, { by });
    expect(await accesses(stage)).toEqual([]);
  });

  it('is not recorded where the access log is off', async () => {
    const stage = await open({ accessLog: 'off' });
    const [ann = ''] = stage.crew(3);
    await stage.sync();
    expect((await stage.engine().why(idOf(ann), { by })).conclusion).toContain('Active');
    expect(await people(stage)).toHaveLength(3);
    expect(await accesses(stage)).toEqual([]);
  });

  it('who names more people than one event may hold is recorded in parts that name them all', async () => {
    const stage = await open({ storage: 'memory' });
    stage.crew(2);
    await stage.sync();
    const many = Array.from({ length: 1_100 }, (_, n) =>
      idOf(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`),
    );
    await people(stage, { by, userIds: many });
    const parts = await accesses(stage);
    expect(parts.map(({ count }) => count)).toEqual([500, 500, 100]);
    expect(new Set(parts.flatMap(({ userIds }) => userIds)).size).toBe(1_100);
  });

  it('to find somebody by an address, to see the status, or to read events is no look', async () => {
    const stage = await open({ storage: 'memory' });
    stage.hire('Ann Lee');
    await stage.sync();
    await stage.engine().findUsers('ann.lee@fabrikam.example');
    await stage.engine().status();
    await stage.events();
    expect(await accesses(stage)).toEqual([]);
  });
});

describe('a log that cannot be written', () => {
  const openBroken = async (accessLog: 'on' | 'off') => {
    const stage = await open({ storage: 'memory' });
    stage.hire('Ann Lee');
    const log = makeMemoryEventLog();
    const stores = { ...openMemoryStores(), log };
    await connect(stage.simulator, { stores }).sync();
    const broken = { ...log, append: () => TE.left({ _tag: 'LogUnavailable' as const, cause: new Error('full') }) };
    return connect(stage.simulator, { stores: { ...stores, log: broken }, accessLog });
  };
  const refusal = {
    code: 'log-unavailable',
    message: expect.stringMatching(/^Nothing was shown: .*accessLog/) as unknown,
  };

  it('shows nobody: the record comes first', async () => {
    const engine = await openBroken('on');
    const [ann = ''] = await engine.findUsers('ann.lee@fabrikam.example');
    await expect(engine.why(idOf(ann), { by })).rejects.toMatchObject(refusal);
    await expect(engine.exportPerson(idOf(ann), by)).rejects.toMatchObject(refusal);
    const shown: PersonView[] = [];
    const list = async (): Promise<void> => {
      for await (const person of engine.people({ by })) shown.push(person);
    };
    await expect(list()).rejects.toMatchObject(refusal);
    expect(shown).toEqual([]);
  });

  it('shows people where the access log is off', async () => {
    const engine = await openBroken('off');
    const [ann = ''] = await engine.findUsers('ann.lee@fabrikam.example');
    expect((await engine.why(idOf(ann))).conclusion).toContain('Active in Learn Amp');
  });
});
