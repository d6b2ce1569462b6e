import type { Configuration } from './configuration.js';
import { isRecord } from './reader.js';

/** No tenant and no group has this id: it stands where a configuration does not say it yet. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

const ids = ['tenantId', 'groupId'] as const;

/** A configuration that lacks its ids can be opened to be set up; everything else in it has to be there. */
export const withoutIds = (input: unknown): unknown =>
  isRecord(input)
    ? { ...input, ...Object.fromEntries(ids.filter((id) => input[id] === undefined).map((id) => [id, NOBODY])) }
    : input;

export const isSetUp = (configuration: Configuration): boolean => ids.every((id) => configuration[id] !== NOBODY);

/** `null`: not said yet. */
export const saidId = (configuration: Configuration, id: (typeof ids)[number]): Configuration['tenantId'] | null =>
  configuration[id] === NOBODY ? null : configuration[id];
