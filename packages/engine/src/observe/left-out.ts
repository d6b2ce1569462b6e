import { canonicalJson, type LocalCache } from '@learnamp/directory-sync-event-sourcing';
import { type LeftOut, nothingLeftOut, propertyOf } from '@learnamp/directory-sync-graph';
import type { CycleContext } from './cycle-context.js';
import { cachedJson } from '../cached-json.js';

/** What Graph refused, between cycles and processes. Droppable: without it Graph is asked again, and refuses again. */
export type LeftOutCache = {
  readonly get: () => Promise<LeftOut>;
  readonly put: (leftOut: LeftOut) => Promise<void>;
};

const isNames = (value: unknown): value is ReadonlyArray<string> =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');

const isLeftOut = (value: unknown): value is LeftOut =>
  typeof value === 'object' &&
  value !== null &&
  'delta' in value &&
  'direct' in value &&
  isNames(value.delta) &&
  isNames(value.direct) &&
  (!('values' in value) || isNames(value.values));

export const makeLeftOutCache = (cache: LocalCache, connectionId: string): LeftOutCache => {
  const key = `left-out:${connectionId}`;
  return {
    get: async () => {
      const found = cachedJson(await cache.get(key));
      return isLeftOut(found) ? found : nothingLeftOut;
    },
    put: (leftOut) => cache.put(key, JSON.stringify(leftOut)),
  };
};

/** Each once, in order. */
export const propertiesLeftOut = ({ delta, direct, values = [] }: LeftOut): ReadonlyArray<string> =>
  [...new Set([...delta, ...direct, ...values])].sort();

/** Of the attributes, those that Graph gives: what is left out is mentioned by no answer, which is not the same as empty. */
export const attributesTaken = (attributes: ReadonlyArray<string>, leftOut: LeftOut): ReadonlyArray<string> => {
  const without = propertiesLeftOut(leftOut);
  return without.length === 0
    ? attributes
    : attributes.filter((path) => !without.includes(propertyOf(path)) && !without.includes(path));
};

/** A full cycle asks for everything again: a permission may have come, or an extension may be there by now. */
export const recallLeftOut = async ({ directory, leftOut, full }: CycleContext): Promise<void> => {
  directory.leaveOut(full ? nothingLeftOut : await leftOut.get());
};

/** Told to the operator when it is news, and kept for the next cycle. */
export const noteLeftOut = async ({ directory, leftOut, logger }: CycleContext): Promise<void> => {
  const [before, now] = [await leftOut.get(), directory.leftOut()];
  if (canonicalJson(before) === canonicalJson(now)) return;
  await leftOut.put(now);
  const attributes = propertiesLeftOut(now);
  if (attributes.length > 0 && attributes.join() !== propertiesLeftOut(before).join())
    logger.warn(
      { attributes },
      'Microsoft Graph does not take these attributes, or answers with what is no text: they are left out, everything else goes on.',
    );
};
