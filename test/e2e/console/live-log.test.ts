import type { EventView } from '@learnamp/directory-sync';
import type { Events } from '@learnamp/directory-sync-console';
import { expect, it, onTestFinished } from 'vitest';
import { browse, consoleOf, ORIGIN } from '../../support/console.js';
import { hostileNames, obeyed } from '../../support/hostile-names.js';
import { calm, openStage } from '../../support/stage.js';

const events = '/api/companies/fabrikam/events';

const openCompany = async () => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Ann Lee', { jobTitle: 'Engineer' });
  stage.crew(3);
  await stage.sync();
  return { stage, ann, console: consoleOf(stage) };
};

type Told = { readonly name: string; readonly event: EventView | undefined };

const toldIn = (block: string): ReadonlyArray<Told> => {
  const name = /^event: (.*)$/m.exec(block)?.[1];
  const data = /^data: (.*)$/m.exec(block)?.[1];
  if (data === undefined) return [];
  return [{ name: name ?? 'message', event: data === '' ? undefined : (JSON.parse(data) as EventView) }];
};

/** A tab that follows the log: what it was told so far, and how it closes. */
const follow = async ({ fetch }: ReturnType<typeof consoleOf>, query: string, headers: Record<string, string> = {}) => {
  const response = await fetch(new Request(`${ORIGIN}${events}/live?${query}`, { headers }));
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  onTestFinished(() => reader?.cancel());
  let text = '';
  const until = async (enough: (told: ReadonlyArray<Told>) => boolean): Promise<ReadonlyArray<Told>> => {
    for (;;) {
      const told = text.split('\n\n').slice(0, -1).flatMap(toldIn);
      if (enough(told)) return told;
      const read = await reader?.read();
      if (read === undefined || read.done) return told;
      text += read.value;
    }
  };
  return { response, until, close: () => reader?.cancel() };
};

it('tells a tab of new events as they are recorded, of those alone that it asks for, and of none twice', async () => {
  const { stage, ann, console } = await openCompany();
  const { head } = await browse(console).read<Events>(events);
  const from = `from=${Number(head) + 1}`;
  const tab = await follow(console, `${from}&types=JobTitleChanged&person=${ann}`);
  expect(tab.response.headers.get('content-type')).toContain('text/event-stream');
  stage.directory.updateUser(ann, { jobTitle: 'Captain' });
  await stage.sync();
  const [told] = await tab.until(({ length }) => length > 0);
  expect(told?.event).toMatchObject({ type: 'JobTitleChanged', data: { to: 'Captain' } });
  await tab.close();

  stage.directory.updateUser(ann, { jobTitle: 'Admiral' });
  await stage.sync();
  const again = await follow(console, from, { 'last-event-id': told?.event?.revision ?? '' });
  const missed = await again.until((all) => all.some(({ event }) => event?.type === 'JobTitleChanged'));
  expect(missed.every(({ event }) => BigInt(event?.revision ?? 0) > BigInt(told?.event?.revision ?? 0))).toBe(true);
});

it('lets a tab that slept for long read its page anew, and tells it from then on', async () => {
  const { stage, ann, console } = await openCompany();
  for (const name of stage.crew(600)) stage.directory.updateUser(name, { department: 'Crew' });
  await stage.sync();
  const tab = await follow(console, 'from=0');
  expect(await tab.until(({ length }) => length > 0)).toEqual([{ name: 'behind', event: undefined }]);
  const { head } = await browse(console).read<Events>(events);
  stage.directory.updateUser(ann, { jobTitle: 'Captain' });
  await stage.sync();
  const told = await tab.until(({ length }) => length > 1);
  expect(BigInt(told[1]?.event?.revision ?? 0)).toBe(BigInt(head) + 1n);
});

it('ends the oldest of too many', async () => {
  const { console } = await openCompany();
  const first = await follow(console, '');
  for (let opened = 0; opened < 50; opened++) await follow(console, '');
  expect(await first.until(() => false)).toEqual([]);
});

it('finds events by when they were recorded, and hands out what it shows as a file', async () => {
  const { ann, console } = await openCompany();
  const { read } = browse(console);
  const all = [...(await read<Events>(`${events}?limit=500`)).events].reverse();
  const middle = all[Math.floor(all.length / 2)]?.recordedAt ?? '';
  const at = encodeURIComponent(middle);
  const revisions = ({ events: found }: Events) => found.map(({ revision }) => revision).reverse();
  const of = (wanted: (event: EventView) => boolean) => all.filter(wanted).map(({ revision }) => revision);
  expect(revisions(await read(`${events}?limit=500&since=${at}`))).toEqual(of((each) => each.recordedAt >= middle));
  expect(revisions(await read(`${events}?limit=500&before=${at}`))).toEqual(of((each) => each.recordedAt < middle));
  expect(revisions(await read(`${events}?since=2100-01-01`))).toEqual([]);

  const response = await console.fetch(new Request(`${ORIGIN}${events}/file?person=${ann}`));
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="fabrikam-events.ndjson"');
  const lines = (await response.text()).trimEnd().split('\n');
  const shown = await read<Events>(`${events}?limit=500&person=${ann}`);
  expect(lines.map((line) => JSON.parse(line) as EventView)).toEqual([...shown.events].reverse());
  expect(lines.length).toBeGreaterThan(3);
});

it('hands out hostile names as escapes of the same values: nothing in a file is obeyed by what opens it', async () => {
  const stage = await openStage({ graph: calm });
  hostileNames.forEach((name, n) => stage.hire(`Hostile Number${n}`, { jobTitle: name }));
  await stage.sync();
  const { fetch } = consoleOf(stage);
  for (const path of [`${events}/file`, '/api/companies/fabrikam/export']) {
    const text = await (await fetch(new Request(`${ORIGIN}${path}`))).text();
    expect(text.length, path).toBeGreaterThan(20_000);
    expect(obeyed.exec(text)?.[0], path).toBeUndefined();
    for (const line of text.trimEnd().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
  }
});

it('refuses what is no time and no person', async () => {
  const { console } = await openCompany();
  for (const wrong of ['since=yesterday', 'before=1.5.x', 'person=ann']) {
    const { status } = await console.fetch(new Request(`${ORIGIN}${events}?${wrong}`));
    expect([wrong, status]).toEqual([wrong, 400]);
  }
});
