import type { Random } from '../random.js';
import type { GraphBehaviour, GraphFreedom } from './graph-behaviour.js';
import type { View } from './views.js';

/** One mention of an object in a round; `again` is a second mention, which may say less. */
export type DeltaItem = {
  readonly id: string;
  readonly render: (part: 'whole' | 'again') => View;
};

const range = (behaviour: GraphBehaviour, count: number, random: Random): { min: number; max: number } =>
  behaviour.pageSize ??
  random.pick([
    count <= 40 ? { min: 1, max: 1 } : { min: 1, max: 20 },
    { min: 1, max: 20 },
    { min: 10, max: 60 },
    { min: 10, max: 60 },
    { min: 100, max: 200 },
  ]);

/** Second mentions of some objects, at other places. They agree with the first ones. */
const withDuplicates = (items: ReadonlyArray<DeltaItem>, random: Random): DeltaItem[] => {
  const all = [...items];
  for (const item of items) {
    if (!random.chance(0.04)) continue;
    const part = random.chance(0.5) ? 'whole' : 'again';
    all.push({ id: item.id, render: () => item.render(part) });
  }
  return all;
};

/**
 * Cuts a round into the pages the server chooses to serve. At least one page; a round without changes is one empty page.
 */
export const deltaPages = (
  items: ReadonlyArray<DeltaItem>,
  behaviour: GraphBehaviour,
  random: Random,
  took: (freedom: GraphFreedom) => void = () => undefined,
): ReadonlyArray<ReadonlyArray<DeltaItem>> => {
  if (items.length === 0) return [[]];
  const repeated = behaviour.duplicates ? withDuplicates(items, random) : [...items];
  if (repeated.length > items.length) took('duplicate');
  if (behaviour.shuffle && repeated.length > 1) took('shuffle');
  const ordered = behaviour.shuffle ? random.shuffle(repeated) : repeated;
  const size = range(behaviour, ordered.length, random);
  const pages: DeltaItem[][] = [];
  for (let from = 0; from < ordered.length;) {
    const length = random.integer(size.min, size.max);
    pages.push(ordered.slice(from, from + length));
    from += length;
    if (length === 1 && ordered.length > 1) took('one-item-page');
  }
  if (behaviour.contradictions && random.chance(0.3)) {
    took('contradiction');
    const again = random.integer(0, pages.length - 1);
    pages.splice(random.integer(again + 1, pages.length), 0, pages[again] ?? []);
  }
  if (behaviour.emptyPages && random.chance(0.5)) {
    took('empty-page');
    for (let left = random.integer(1, 2); left > 0; left -= 1) pages.splice(random.integer(0, pages.length), 0, []);
  }
  return pages;
};
