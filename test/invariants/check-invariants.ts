import { absence } from './i-01-absence.js';
import { links } from './i-02-links.js';
import { nothingDeleted } from './i-03-nothing-deleted.js';
import { cursor } from './i-04-cursor.js';
import { replayEqualsLive } from './i-05-replay.js';
import { once } from './i-06-once.js';
import { order } from './i-07-order.js';
import { superseded } from './i-08-superseded.js';
import { converges } from './i-09-converges.js';
import { hold } from './i-10-hold.js';
import { nobodyWaits } from './i-11-nobody-waits.js';
import { ownedFields } from './i-12-owned-fields.js';
import { nullIsNotAbsent } from './i-13-null-is-not-absent.js';
import { notificationsAreHints } from './i-14-notifications-are-hints.js';
import { tenantsApart } from './i-15-tenants-apart.js';
import { oneWriter } from './i-16-one-writer.js';
import { owners } from './i-17-owners.js';
import { traceable } from './i-18-traceable.js';
import { noSecrets } from './i-19-no-secrets.js';
import { positions } from './i-20-positions.js';
import { metaOf } from './event-data.js';
import type { Invariant } from './invariant.js';
import { makeLedger } from './ledger.js';
import type { Violation, World } from './world.js';

export const invariants: ReadonlyArray<Invariant> = [
  ...[absence, links, nothingDeleted, cursor, replayEqualsLive, once, order, superseded, converges, hold],
  ...[nobodyWaits, ownedFields, nullIsNotAbsent, notificationsAreHints, tenantsApart, oneWriter, owners],
  ...[traceable, noSecrets, positions],
];

/** Takes what was seen since the last look, and says what of it may not be. */
export type InvariantWatch = (seen: World) => ReadonlyArray<Violation>;

/** All invariants over one connection, look by look: each event, request and write is looked at once. */
export const watchInvariants = (): InvariantWatch => {
  const ledger = makeLedger();
  const erased = new Set<string>();
  const watches = invariants.map(({ id, watch }) => ({ id, ...watch() }));
  return (seen) => {
    const found: Violation[] = [];
    for (const event of seen.events) {
      for (const { id, onEvent } of watches)
        for (const { what, where } of onEvent?.(event, ledger) ?? [])
          found.push({ id, what, where: where ?? `revision ${event.revision}` });
      ledger.apply(event);
      if (event.erased === true) for (const id of metaOf(event).subjects) erased.add(id);
    }
    for (const { id, onLook } of watches)
      for (const { what, where } of onLook?.(seen, ledger) ?? []) found.push({ id, what, where: where ?? 'this look' });
    // What was erased cannot be judged any more: a fallback stands where a fact stood.
    return found.filter(({ what }) => ![...erased].some((id) => what.includes(id)));
  };
};

/** What of a whole world may not be. */
export const checkInvariants = (world: World): ReadonlyArray<Violation> => watchInvariants()(world);
