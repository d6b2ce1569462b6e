import * as E from 'fp-ts/lib/Either.js';
import type { AskedAhead } from './ask-ahead.js';
import { ask, type CycleContext } from './cycle-context.js';

/** Above this share of the tenant one read of all users is cheaper than a profile each (design D12). */
const SHARE_OF_TENANT = 0.25;

/** How a read from the beginning got at the people, and the counts that decided it. */
export type PeopleReading = {
  readonly whole: boolean;
  /** Whom the recorded edges put within reach of the scope group. */
  readonly people: number;
  /** `undefined`: Graph did not say how large the tenant is. */
  readonly tenant: number | undefined;
};

/** More than a quarter, not a quarter: at the border the group is followed, and nobody else is looked at. */
export const readingOf = (people: number, tenant: number | undefined): PeopleReading => ({
  whole: tenant !== undefined && tenant > 0 && people / tenant > SHARE_OF_TENANT,
  people,
  tenant,
});

export const readingInWords = ({ whole, people, tenant }: PeopleReading): string => {
  if (tenant === undefined)
    return `follows the group, because Microsoft Graph did not say how many people the tenant has; ${people} are in the group`;
  const share = `${people} of the ${tenant} people of the tenant are in the group`;
  return whole
    ? `reads the whole tenant because ${share}, more than a quarter`
    : `follows the group because ${share}, not more than a quarter`;
};

/**
 * Whether the scope is so large a part of the tenant that reading all users costs fewer requests; noted for the report. A
 * count that fails means: follow the group.
 */
export const readsWholeTenant = async (
  context: CycleContext,
  people: number,
  ahead: AskedAhead['countUsers'],
): Promise<boolean> => {
  if (people === 0) return false;
  const count = await (ahead ?? context.directory.countUsers({ signal: context.signal }))();
  if (E.isLeft(count)) {
    if (count.left._tag === 'GraphAborted') await ask(() => Promise.resolve(count));
    context.logger.debug({ failure: count.left._tag }, 'The size of the tenant is not known; the group is followed.');
  }
  const reading = readingOf(people, E.isRight(count) ? count.right : undefined);
  context.read.people = reading;
  return reading.whole;
};
