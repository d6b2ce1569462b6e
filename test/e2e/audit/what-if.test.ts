import {
  decodePreferences,
  defaultPreferences,
  type Progress,
  type WhatIfCommand,
  type WhatIfStep,
  type WhatIfSummary,
} from '@learnamp/directory-sync';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { contentsOf } from '../../support/files.js';
import { openStage, type Stage } from '../../support/stage.js';

const quiet = { syncPhotos: false };

const whatIf = async (stage: Stage, wishes: Readonly<Record<string, unknown>>) => {
  const decoded = decodePreferences({ ...quiet, ...wishes });
  if (E.isLeft(decoded)) throw new Error(JSON.stringify(decoded.left));
  const steps: WhatIfStep[] = [];
  for await (const step of stage.engine().whatIf({ preferences: decoded.right })) steps.push(step);
  const summary = steps.at(-1) as WhatIfSummary;
  const commands = steps.filter((step): step is WhatIfCommand => step._tag === 'Command');
  return { steps, summary, commands, noLonger: steps.filter(({ _tag }) => _tag === 'NoLonger') };
};

type Items = { readonly items: ReadonlyArray<{ readonly kind: string; readonly subject: string }> };

const dispatchedSince = async (stage: Stage, known: number): Promise<ReadonlyArray<string>> =>
  (await stage.events('CommandsDispatched'))
    .slice(known)
    .flatMap(({ data }) => (data as Items).items.map(({ kind, subject }) => `${kind} ${subject}`))
    .toSorted();

const company = async (wishes: Readonly<Record<string, unknown>> = {}) => {
  const stage = await openStage({ preferences: { ...quiet, ...wishes } });
  const boss = stage.hire('Bo Boss', { department: 'Sales', officeLocation: 'Building 1' });
  const ann = stage.hire('Ann Lee', { department: 'Support', jobTitle: 'Chemist', officeLocation: 'Building 2' });
  stage.directory.setManager(ann, boss);
  await stage.sync();
  return { stage, boss, ann };
};

describe('what other preferences would send', () => {
  it.each([
    ['a team from another attribute', { attributes: { primaryTeam: 'jobTitle' } }, 'SetPrimaryTeam'],
    ['a location from another attribute', { attributes: { location: 'department' } }, 'UpdateProfile'],
    ['managers switched off', { assignOverrideManagers: false }, undefined],
  ])('is what is sent once they are saved: %s', async (_name, wishes, kind) => {
    const { stage } = await company();
    const { summary, commands } = await whatIf(stage, wishes);
    const known = (await stage.events('CommandsDispatched')).length;
    await stage.reopen({ preferences: { ...quiet, ...wishes } });
    await stage.sync();
    const sent = await dispatchedSince(stage, known);
    expect(commands.map((command) => `${command.kind} ${command.subject}`).toSorted()).toEqual(sent);
    if (kind === undefined) expect(sent).toEqual([]);
    else expect(Object.keys(summary.commands)).toContain(kind);
    expect(summary.notYetRead).toEqual([]);
  });

  it('tells how far it is, and ends where it stands once it is stopped', async () => {
    const { stage } = await company();
    const preferences = { ...defaultPreferences, assignOverrideManagers: false };
    const told: Progress[] = [];
    const onProgress = (each: Progress) => told.push(each);
    let last: WhatIfStep | undefined;
    for await (const step of stage.engine().whatIf({ preferences, onProgress })) last = step;
    expect(last?._tag).toBe('Summary');
    expect(told.map(({ step, total }) => [step, total])).toEqual(told.map(() => ['plan', 4]));
    expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).toSorted((a, b) => a - b));
    const stop = new AbortController();
    let times = 0;
    const stopAtOnce = (): void => {
      times += 1;
      stop.abort();
    };
    const steps = stage.engine().whatIf({ preferences, signal: stop.signal, onProgress: stopAtOnce });
    await expect(steps[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'stopped' });
    expect(times).toBe(1);
  });

  it('is compared with what the present ones would send', async () => {
    const hold = { deactivationHold: { smallShareFrom: 1, smallShare: 0.01 } };
    const { stage, ann } = await company({ ...hold, assignOverrideManagers: false });
    const cy = stage.hire('Cy Old');
    await stage.sync();
    stage.leave(cy);
    await stage.sync();

    const both = await whatIf(stage, { ...hold, assignOverrideManagers: true });
    expect(both.commands.map(({ kind, subject, held, anyway }) => [kind, subject, held, anyway]).toSorted()).toEqual([
      ['DeactivateUser', cy, 'small-share', true],
      ['SetOverrideManager', ann, null, false],
    ]);
    expect(both.noLonger).toEqual([]);
    const fewer = await whatIf(stage, { ...hold, assignOverrideManagers: false, neverDeactivate: [cy] });
    expect(fewer.commands).toEqual([]);
    expect(fewer.noLonger).toMatchObject([{ kind: 'DeactivateUser', subject: cy, displayName: 'Cy Old' }]);
    expect(fewer.summary).toMatchObject({ commands: {}, people: 0, noLonger: { DeactivateUser: 1 } });
  });

  it('leaves alone what rests on attributes that nobody has read', async () => {
    const { stage } = await company();
    const { summary, commands } = await whatIf(stage, {
      attributes: { location: 'city' },
      customFields: { employeeId: 'Staff no' },
    });
    expect(commands).toEqual([]);
    expect(summary.notYetRead).toEqual(['city', 'employeeId']);
  });

  it('is held where it would be held', async () => {
    const stage = await openStage({
      preferences: { ...quiet, deactivationHold: { smallShareFrom: 2, smallShare: 0.2 } },
    });
    const crew = stage.crew(6);
    await stage.sync();
    for (const userId of crew.slice(0, 3)) stage.directory.updateUser(userId, { accountEnabled: false });
    await stage.sync();
    const strict = { deactivateBlockedAccounts: true, deactivationHold: { smallShareFrom: 2, smallShare: 0.2 } };
    const held = await whatIf(stage, strict);
    expect(held.summary.commands).toEqual({ DeactivateUser: { sent: 0, held: 3 } });
    expect(held.commands.map(({ held: why }) => why)).toEqual(['small-share', 'small-share', 'small-share']);
    const loose = await whatIf(stage, { ...strict, deactivationHold: { enabled: false } });
    expect(loose.summary.commands).toEqual({ DeactivateUser: { sent: 3, held: 0 } });
  });

  it('asks nobody, and changes no file', async () => {
    const { stage } = await company();
    await stage.close();
    const before = await contentsOf(stage.folder);
    await stage.reopen();
    stage.simulator.requests.reset();
    const { commands } = await whatIf(stage, { attributes: { location: 'department' } });
    expect(commands.length).toBeGreaterThan(0);
    expect(stage.simulator.requests.counts()).toMatchObject({ graph: 0, learnAmp: 0 });
    await stage.engine().close();
    expect(await contentsOf(stage.folder)).toEqual(before);
  });
});
