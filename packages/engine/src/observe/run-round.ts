import type { Cursor, ObjectId, RoundKind, Source } from '@learnamp/directory-sync-domain';
import type { DeltaPage, GraphFailure } from '@learnamp/directory-sync-graph';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { createHash } from 'node:crypto';
import { DirectorySyncError } from '../directory-sync.js';
import { graphError } from '../failure.js';
import type { Pending } from '../record/recorder.js';
import type { OpenSpan } from '../telemetry/telemetry.js';
import { boundError, boundReached } from './round-bounds.js';
import { graphTimeOf, noteGraphTime, stopIfAborted, type CycleContext } from './cycle-context.js';

const DAY = 24 * 3_600_000;
/** Pages in a row that tell nothing new, empty ones or ones that were read already: more is a loop of the service (FC-30). */
const IDLE_PAGES = 1_000;

export type Round<Item> = {
  readonly cursor: string;
  readonly source: Source;
  readonly groupIds: ReadonlyArray<ObjectId>;
  readonly kind: RoundKind;
  /** `undefined`: from the beginning. */
  readonly startLink: string | undefined;
  /** The link in the log that a quiet round may leave where it is. */
  readonly known: Cursor | undefined;
  readonly read: (link: string | undefined) => TaskEither<GraphFailure, DeltaPage<Item>>;
  /** Events of one page; decided on the state they are appended to. */
  readonly detect: (items: ReadonlyArray<Item>, requestId: string | undefined) => ReadonlyArray<Pending>;
  /** Asked Graph about, before the page is recorded (contradictions within the round). */
  readonly prepare?:
    ((items: ReadonlyArray<Item>, unreadable: ReadonlyArray<ObjectId>) => Promise<ReadonlyArray<Item>>) | undefined;
  /** Asked Graph about, before the end of a complete round says anything by absence. */
  readonly doubt?: (() => Promise<void>) | undefined;
  /** What only the end of a complete round may say (absences), beside what its last page `told`. */
  readonly complete?: ((told: ReadonlyArray<Pending>) => ReadonlyArray<Pending>) | undefined;
  /** Recorded with the delta link and behind it: what the next cycle has to do with this cursor. */
  readonly afterwards?: (() => ReadonlyArray<Pending>) | undefined;
  readonly onPage?: ((items: ReadonlyArray<Item>) => void) | undefined;
};

export type RoundEnd =
  | { readonly _tag: 'Reached'; readonly link: string; readonly pages: number }
  | { readonly _tag: 'Resync'; readonly reason: string }
  /** `atStart`: the very link the round started with was refused, not a later page of it. */
  | { readonly _tag: 'PageExpired'; readonly atStart: boolean };

/** Failures that the caller answers with another start; everything else ends the cycle. */
const endOf = (failure: GraphFailure, atStart: boolean): RoundEnd => {
  if (failure._tag === 'ResyncRequired') return { _tag: 'Resync', reason: failure.reason };
  if (failure._tag === 'PageExpired') return { _tag: 'PageExpired', atStart };
  throw graphError(failure);
};

/**
 * Bounded work: tells of a link that was used in this round already, and of pages without end and without anything new.
 * Pages are told apart by what they say, since a loop may give each of them a link of its own.
 */
const makeLoopGuard = (startLink: string | undefined): ((page: DeltaPage<unknown>) => boolean) => {
  const links = new Set(startLink === undefined ? [] : [digest(startLink)]);
  const contents = new Set<string>();
  let idle = 0;
  return ({ link, items }) => {
    const [next, content] = [digest(link.url), digest(JSON.stringify(items))];
    idle = items.length === 0 || contents.has(content) ? idle + 1 : 0;
    const loops = link.kind === 'next' && (links.has(next) || idle > IDLE_PAGES);
    links.add(next);
    contents.add(content);
    return loops;
  };
};

/**
 * A round that loops is not gone on with where it stood: the next attempt starts from the last delta link, and where there
 * is none from the beginning. A full round never stood anywhere.
 */
const leaveLoop = async <Item>(context: CycleContext, round: Round<Item>, roundId: string): Promise<void> => {
  const { cursor, source, groupIds } = round;
  const standing = (): Cursor | undefined => context.state.connection().cursors[cursor];
  const delta = standing()?.delta;
  const link = delta === undefined ? undefined : await context.recordedLink(delta);
  await context.recorder.record(() => {
    const known = standing();
    if (known?.page === undefined || known.page.round.kind === 'full' || known.resync !== undefined) return [];
    // Another engine moved on meanwhile: its place is a good one.
    if (known.delta?.revision !== delta?.revision) return [];
    if (delta === undefined || link === undefined)
      return [{ type: 'ResyncRequired', data: { source, cursor, reason: 'loop' } }];
    const { fingerprint, issuedAt } = delta;
    const at = { source, cursor, groupIds: [...groupIds], link, fingerprint, issuedAt };
    const moved = { ...at, graphTime: graphTimeOf(context), round: { id: roundId, kind: round.kind } };
    return [{ type: 'DeltaCursorMoved', data: { ...moved, reached: 'deltaLink' as const } }];
  });
};

const isLoop = (
  result: E.Either<GraphFailure, DeltaPage<unknown>>,
  loops: ReturnType<typeof makeLoopGuard>,
): boolean =>
  E.isRight(result) ? loops(result.right) : result.left._tag === 'GraphProtocol' && result.left.loop === true;

const loopError = (): DirectorySyncError =>
  new DirectorySyncError(
    'graph-protocol',
    'Microsoft Graph repeats a page of this round without end; the round was not used.',
  );

const stayInBounds = async <Item>(
  context: CycleContext,
  round: Round<Item>,
  { roundId, pages, begun }: { readonly roundId: string; readonly pages: number; readonly begun: number },
): Promise<void> => {
  const bound = boundReached({ pages, begun, now: context.now().getTime() });
  if (bound === 'pages') await leaveLoop(context, round, roundId);
  if (bound !== undefined) throw boundError(round.source, bound);
};

/** A page may age once; a round that is begun for the third time does not come to its end by itself (FC-22). */
const noteBegun = async <Item>(
  { begunRounds, logger }: CycleContext,
  { source, kind, cursor }: Round<Item>,
  fingerprint: string,
): Promise<void> => {
  const starts = await begunRounds.begin({ source, kind, fingerprint });
  if (starts === 3)
    logger.warn(
      { cursor, restarts: 2 },
      'A round of Microsoft Graph was begun twice and did not reach its end: it is begun for the third time.',
    );
};

/** It goes on at a page where an earlier cycle stopped, and begins nothing. */
const goesOn = async <Item>(context: CycleContext, { known, startLink }: Round<Item>): Promise<boolean> =>
  known?.page !== undefined && startLink === (await context.recordedLink(known.page));

const digest = (link: string): string => createHash('sha256').update(link).digest('base64');

const readToEnd = async <Item>(context: CycleContext, round: Round<Item>): Promise<RoundEnd> => {
  const { recorder } = context;
  const roundId = context.newId();
  const fingerprint = context.directory.fingerprint(round.source, round.groupIds);
  const loops = makeLoopGuard(round.startLink);
  const begun = context.now().getTime();
  let link = round.startLink;
  let recorded = false;

  const moved = (url: string, reached: 'page' | 'deltaLink', requestId: string | undefined): Pending => ({
    type: 'DeltaCursorMoved',
    data: {
      source: round.source,
      cursor: round.cursor,
      groupIds: [...round.groupIds],
      link: url,
      fingerprint,
      issuedAt: context.now().toISOString(),
      graphTime: graphTimeOf(context),
      round: { id: roundId, kind: round.kind },
      reached,
    },
    graphRequestId: requestId,
  });

  /** Behind the first page, where another follows. */
  const began = async (pages: number): Promise<void> => {
    if (pages === 1 && !(await goesOn(context, round))) await noteBegun(context, round, fingerprint);
  };

  const takePage = async (pages: number, span: OpenSpan): Promise<RoundEnd | undefined> => {
    const result = await round.read(link)();
    if (isLoop(result, loops)) {
      await leaveLoop(context, round, roundId);
      throw loopError();
    }
    if (E.isLeft(result)) return endOf(result.left, link === round.startLink);
    const page = result.right;
    span.set({ items: page.items.length });
    noteGraphTime(context, page.graphTime);
    const items = round.prepare === undefined ? page.items : await round.prepare(page.items, page.unreadable ?? []);
    round.onPage?.(items);
    const { kind, url } = page.link;

    if (kind === 'next') {
      const appended = await recorder.record(() => {
        const events = round.detect(items, page.requestId);
        return events.length === 0 ? [] : [...events, moved(url, 'page', page.requestId)];
      });
      recorded ||= appended > 0;
      link = url;
      await began(pages);
      await stayInBounds(context, round, { roundId, pages, begun });
      return undefined;
    }

    await round.doubt?.();
    await recorder.record(() => {
      const told = round.detect(items, page.requestId);
      const events = [...told, ...(round.complete?.(told) ?? [])];
      const after = round.afterwards?.() ?? [];
      const due = events.length > 0 || after.length > 0 || recorded || mustRecord(context, round);
      return due ? [...events, moved(url, 'deltaLink', page.requestId), ...after] : [];
    });
    const place = context.state.connection().cursors[round.cursor]?.delta;
    const now = place === undefined ? undefined : await context.recordedLink(place);
    if (now !== undefined && now !== url) await context.links.put(round.cursor, fingerprint, now, url);
    await context.begunRounds.reached({ source: round.source, kind: round.kind, fingerprint });
    return { _tag: 'Reached', link: url, pages };
  };

  const about = { source: round.source, round: round.kind };
  for (let pages = 1; ; pages++) {
    stopIfAborted(context);
    const end = await context.telemetry.inSpan('page', about, (span) => takePage(pages, span));
    if (end !== undefined) return end;
  }
};

/**
 * Reads one source from where it stands to its delta link. Each page's events and the cursor they came from go into one
 * append, so no page is lost and none is applied twice; a page without news appends nothing (design D1). A round that does
 * not reach its delta link decides nothing by absence and leaves its place where the last recorded page put it.
 */
export const runRound = <Item>(context: CycleContext, round: Round<Item>): Promise<RoundEnd> =>
  context.telemetry.inSpan('round', { source: round.source, round: round.kind }, async (span) => {
    const end = await readToEnd(context, round);
    span.set({ outcome: end._tag, ...(end._tag === 'Reached' ? { pages: end.pages } : {}) });
    return end;
  });

/** A first or full round, one that was resumed at a page, or a recorded link that is a day old (it lives seven). */
const mustRecord = <Item>(context: CycleContext, round: Round<Item>): boolean => {
  const delta = round.known?.delta;
  if (delta === undefined || round.kind !== 'incremental' || round.known?.page !== undefined) return true;
  return round.known?.resync !== undefined || context.now().getTime() - Date.parse(delta.issuedAt) > DAY;
};
