import { attributeNames, metricNames, spanNames } from '@learnamp/directory-sync/otel';
import { expect, test } from 'vitest';
import { logLines } from './log-lines.js';
import { tableUnder } from './markdown-tables.js';
import { read } from './tree.js';

const log = logLines();
const PAGE = 'docs/reference/telemetry.md';
const code = (text: string): string => `\`${text}\``;
const attributesOf = (keys: ReadonlyArray<keyof typeof attributeNames>): string =>
  keys.map((key) => code(attributeNames[key])).join(', ');

// With UPDATE_DOCS=1 the tables are written anew; prettier then aligns them.
test.each([
  [
    'Spans',
    () => Object.values(spanNames).map(({ name, attributes, says }) => [code(name), attributesOf(attributes), says]),
  ],
  [
    'Metrics',
    () =>
      Object.values(metricNames).map(({ name, kind, unit, attributes, says }) => [
        code(name),
        kind,
        code(unit),
        attributesOf(attributes),
        says,
      ]),
  ],
  [
    'Log lines',
    () =>
      log.lines
        .map(({ level, message, facts }) => [level, message, facts.map(code).join(', ')])
        .sort(([a = '', b = ''], [c = '', d = '']) => (`${a} ${b}` < `${c} ${d}` ? -1 : 1)),
  ],
] as const)('the table of %s says what the code says', (heading, rows) => {
  expect(tableUnder(PAGE, heading, rows())).toEqual(rows());
});

test('every line of the log can be read from the code, and none repeats the text of an error that is not ours', () => {
  expect(log.unclear).toEqual([]);
  expect(log.lines.length).toBeGreaterThan(20);
});

type Panel = {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource: { readonly uid: string };
  readonly targets: ReadonlyArray<{ readonly refId: string; readonly expr: string }>;
};
const dashboard = JSON.parse(read('docs/reference/telemetry/grafana-dashboard.json')) as {
  readonly schemaVersion: number;
  readonly templating: { readonly list: ReadonlyArray<{ readonly name: string; readonly query: string }> };
  readonly panels: ReadonlyArray<Panel>;
};

/** As OpenTelemetry's exporters name it for Prometheus. */
const inPrometheus = ({ name, kind, unit }: (typeof metricNames)[keyof typeof metricNames]): ReadonlyArray<string> => {
  const base = `${name.replaceAll('.', '_')}${unit === 's' ? '_seconds' : ''}`;
  if (kind === 'histogram') return ['_bucket', '_sum', '_count'].map((suffix) => `${base}${suffix}`);
  return [kind === 'gauge' ? base : `${base}_total`];
};

test('each panel of the dashboard asks for names of the table, and each metric has its panel', () => {
  const names = Object.values(metricNames);
  const known = new Set(names.flatMap(inPrometheus));
  const labels = new Set(Object.values(attributeNames).map((name) => name.replaceAll('.', '_')));
  const asked = new Set<string>();
  for (const { title, targets } of dashboard.panels) {
    expect(targets.length, title).toBeGreaterThan(0);
    for (const { expr } of targets) {
      const used = expr.match(/directory_sync_\w+/g) ?? [];
      expect(
        used.some((each) => known.has(each)),
        title,
      ).toBe(true);
      expect(
        used.filter((each) => !known.has(each) && !labels.has(each)),
        title,
      ).toEqual([]);
      for (const each of used) asked.add(each);
    }
  }
  expect(names.filter((row) => !inPrometheus(row).some((each) => asked.has(each))).map(({ name }) => name)).toEqual([]);
  for (const { query } of dashboard.templating.list)
    for (const used of query.match(/directory_sync_\w+/g) ?? [])
      expect(known.has(used) || labels.has(used), used).toBe(true);
});

test('the labels of a panel are attributes of its metric', () => {
  for (const { title, targets } of dashboard.panels)
    for (const { expr } of targets) {
      const row = Object.values(metricNames).find((each) => inPrometheus(each).some((name) => expr.includes(name)));
      const allowed = row?.attributes.map((key) => attributeNames[key].replaceAll('.', '_')) ?? [];
      const own = row === undefined ? [] : inPrometheus(row);
      const used = (expr.match(/directory_sync_\w+/g) ?? []).filter((each) => !own.includes(each));
      expect(
        used.filter((each) => !allowed.includes(each)),
        title,
      ).toEqual([]);
    }
});

test('the panels lie beside one another, each with a place and an id of its own', () => {
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, n) => `${x + (n % w)}/${y + Math.floor(n / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  expect(new Set(panels.map(({ datasource }) => datasource.uid))).toEqual(new Set(['${datasource}']));
  expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(39);
});
