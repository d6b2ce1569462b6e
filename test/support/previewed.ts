import { expect } from 'vitest';
import { contentsOf } from './files.js';
import { facts, none } from './report.js';
import type { Stage } from './stage.js';

type Listed = { readonly kind: string; readonly subject: string };

const sorted = (commands: ReadonlyArray<Listed>): ReadonlyArray<string> =>
  commands.map(({ kind, subject }) => `${kind} ${subject}`).toSorted();

/** What a preview says would be sent, and that it touched nothing: no file, and nothing at Learn Amp. */
export const previewed = async (stage: Stage, options: { readonly full?: boolean } = {}) => {
  await stage.close();
  const before = await contentsOf(stage.folder);
  await stage.reopen();
  stage.newWrites();
  stage.simulator.requests.reset();
  const preview = await stage.engine().preview(options);
  expect(stage.newWrites()).toEqual([]);
  for (const { method } of stage.simulator.requests.matching({ system: 'learnAmp' })) expect(method).toBe('GET');
  for (const { method, path } of stage.simulator.requests.matching({ system: 'graph' }))
    expect(method === 'GET' || path.endsWith('/$batch')).toBe(true);
  await stage.close();
  expect(await contentsOf(stage.folder)).toEqual(before);
  await stage.reopen();
  const teams = preview.commands.filter(({ kind }) => kind === 'EnsureTeam').length;
  const people = preview.commands.filter(({ kind, held }) => kind !== 'EnsureTeam' && !held);
  const held = preview.commands.filter((command) => command.held).map(({ userId }) => userId ?? '');
  return { preview, teams, held, people: people.map(({ kind, userId }) => ({ kind, subject: userId ?? '' })) };
};

/** What the log says was dispatched from here on. */
const dispatchedSince = async (stage: Stage, known: number) => {
  const events = (await stage.events('CommandsDispatched')).slice(known);
  const items = events.flatMap(({ data }) => (data as { readonly items: ReadonlyArray<Listed> }).items);
  return {
    teams: items.filter(({ kind }) => kind === 'EnsureTeam').length,
    people: items.filter(({ kind }) => kind !== 'EnsureTeam'),
  };
};

/** The preview, and then the sync: the same commands, the same events, the same people held. */
export const expectPreviewEqualsSync = async (stage: Stage, options: { readonly full?: boolean } = {}) => {
  const known = (await stage.events('CommandsDispatched')).length;
  const { inScope, linked, held: heldNow, parked } = (await stage.engine().status()).people;
  const { preview, people, teams, held } = await previewed(stage, options);
  const report = await stage.sync(options);
  const dispatched = await dispatchedSince(stage, known);
  expect(sorted(people)).toEqual(sorted(dispatched.people));
  expect(teams).toBe(dispatched.teams);
  expect(held.toSorted()).toEqual(
    report.attention
      .filter(({ kind }) => kind === 'held')
      .map(({ userId }) => userId as string)
      .toSorted(),
  );
  expect(preview.report.exitCode).toBe(report.exitCode);
  expect(facts(preview.expected)).toEqual(facts(report));
  expect(preview.expected.people).toEqual(report.people);
  expect(preview.report).toMatchObject({ events: none, people: { inScope, linked, held: heldNow, parked } });
  const unsent = Object.entries(report.commands).map(([kind, counts]) => [kind, { ...counts, succeeded: 0 }] as const);
  expect(preview.report.commands).toEqual(Object.fromEntries(unsent));
  return { preview, report };
};
