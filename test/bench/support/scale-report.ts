import type { Measure } from './scale-measures.js';

const whole = (count: number): string => count.toLocaleString('en');
const figure = (value: number): string =>
  value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);

/** Things that cost something for each person, and those that cost as much whoever else there is. */
const byPerson = ({ what }: Measure): boolean => !/cycle|change|subgroup|status/.test(what);

/** What one costs: microseconds for each person, or milliseconds in all. */
export const costOf = (measure: Measure): number =>
  byPerson(measure) ? (measure.cpu * 1_000) / measure.people : measure.cpu;

const smallestOf = (measures: ReadonlyArray<Measure>, { what }: Measure): Measure | undefined =>
  measures.filter((each) => each.what === what).toSorted((a, b) => a.people - b.people)[0];

/** How much more one costs than at the smallest size. */
export const growth = (measures: ReadonlyArray<Measure>, measure: Measure): number => {
  const smallest = smallestOf(measures, measure) ?? measure;
  return costOf(measure) / costOf(smallest);
};

export const scaleTable = (measures: ReadonlyArray<Measure>): string => {
  const names = [...new Set(measures.map(({ what }) => what))];
  const lines = names.flatMap((name) =>
    measures
      .filter(({ what }) => what === name)
      .map((measure) => {
        const { what, people, cpu, floor, counts } = measure;
        const beside = Object.entries(counts).map(([each, count]) => `${whole(Math.round(count))} ${each}`);
        const unit = byPerson(measure) ? 'µs each' : 'ms';
        const cells = [
          what,
          whole(people),
          `${figure(costOf(measure))} ${unit}`,
          figure(growth(measures, measure)),
          figure(cpu / floor),
          beside.join(', ') || '-',
        ];
        return `| ${cells.join(' | ')} |`;
      }),
  );
  return [
    '| what | people | time of the processor | over the smallest | over the floor | beside it |',
    '| ---- | ------ | --------------------- | ----------------- | -------------- | --------- |',
    ...lines,
  ].join('\n');
};

const SIZE = { width: 760, height: 420, left: 60, top: 20, right: 230, bottom: 50 };
const colours = ['#1b6ca8', '#c0392b', '#2e8b57', '#8e44ad', '#d68910', '#16a085', '#555555', '#7f4f24'];

/** How the cost of each grows with the company, over the smallest: both axes by powers of ten. */
export const scaleChart = (measures: ReadonlyArray<Measure>): string => {
  const names = [...new Set(measures.map(({ what }) => what))].filter((name) => !/Emmett|read|clear/.test(name));
  const sizes = [...new Set(measures.map(({ people }) => people))].toSorted((a, b) => a - b);
  const [least = 1, most = 10] = [sizes[0], sizes.at(-1)];
  const { width, height, left, top, right, bottom } = SIZE;
  const [low, high] = [0.1, 1_000];
  const x = (people: number): number =>
    left + ((width - left - right) * Math.log(people / least)) / Math.max(Math.log(most / least), 1e-9);
  const y = (ratio: number): number => {
    const share = Math.log(Math.min(Math.max(ratio, low), high) / low) / Math.log(high / low);
    return height - bottom - (height - top - bottom) * share;
  };
  const text = (at: readonly [number, number], words: string, more = ''): string =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" ${more}>${words}</text>`;
  const grid = [0.1, 1, 10, 100, 1_000].flatMap((ratio) => [
    `<line x1="${left}" x2="${width - right}" y1="${y(ratio).toFixed(1)}" y2="${y(ratio).toFixed(1)}" stroke="#ddd"/>`,
    text([left - 8, y(ratio) + 4], String(ratio), 'text-anchor="end"'),
  ]);
  const people = sizes.map((size) => text([x(size), height - bottom + 20], whole(size), 'text-anchor="middle"'));
  const lines = names.flatMap((name, n) => {
    const colour = colours[n % colours.length] ?? '#000';
    const points = measures
      .filter(({ what }) => what === name)
      .map((each) => [x(each.people), y(growth(measures, each))]);
    const path = points.map((point) => point.map((value) => value.toFixed(1)).join(',')).join(' ');
    const legend = [width - right + 20, top + 20 + 22 * n] as const;
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...points.map(
        ([cx = 0, cy = 0]) => `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="3" fill="${colour}"/>`,
      ),
      `<rect x="${legend[0]}" y="${legend[1] - 9}" width="12" height="4" fill="${colour}"/>`,
      text([legend[0] + 18, legend[1] - 3], name),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="12">`,
    '<title>What size costs: how many times as much as in the smallest company</title>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...grid,
    ...people,
    text(
      [left, height - 8],
      'people; for a first read and a rebuild the cost of one person, otherwise of one cycle or start',
    ),
    ...lines,
    '</svg>',
    '',
  ].join('\n');
};
