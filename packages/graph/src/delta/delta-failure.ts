import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure } from '../directory-source.js';
import { errorCode, errorCodes, failureOf, hasErrorObject } from '../graph-error.js';
import type { GraphBase } from '../graph-base.js';
import { guardLocation } from '../link-guard.js';
import type { DeltaResource } from '../link-guard.js';
import type { GraphAnswer } from '../transport/exchange.js';

/** Codes that ask for a reading from the beginning; for a mirror that only reads they all mean the same. */
const RESYNC = new Set([
  'syncstatenotfound',
  'syncstateinvalid',
  'resyncrequired',
  'resyncapplydifferences',
  'resyncuploaddifferences',
]);
/** Codes by which a page token is refused. */
const PAGE = new Set([
  'directory_expiredpagetoken',
  'expiredpagetoken',
  'invalidskiptoken',
  'invalidpagetoken',
  'directory_invalidpagetoken',
]);

/** "40X" less what says something about us (401, 402, 403) and what passes (408). */
const REFUSED_LINK: ReadonlySet<number> = new Set([400, 404, 405, 406, 409]);

const resync = (
  answer: GraphAnswer,
  reason: string,
  where: { readonly base: GraphBase; readonly resource: DeltaResource },
): GraphFailure => {
  const location = answer.status === 410 ? answer.headers.get('location') : null;
  if (location === null) return { _tag: 'ResyncRequired', reason };
  const guarded = guardLocation(where.base, where.resource, location);
  return E.isLeft(guarded) ? guarded.left : { _tag: 'ResyncRequired', reason, location: guarded.right };
};

/**
 * What an answer that is no page means for the round. The documentation promises "a 40X-series error with an error code
 * such as syncStateNotFound" and 410 with a `Location`; spelling and nesting of the codes vary, so all are looked at.
 * A followed link that is refused has nothing of ours in it that could be put right: a page token starts the round again,
 * anything else is read from the beginning, by our own query. Whatever is wrong with that is told then.
 */
export const deltaFailure = (
  answer: GraphAnswer,
  where: {
    readonly base: GraphBase;
    readonly resource: DeltaResource;
    readonly followed: string | undefined;
    /** The properties of the query. */
    readonly asked: ReadonlyArray<string>;
  },
): GraphFailure | undefined => {
  const { status } = answer;
  const ok = status >= 200 && status < 300;
  if (ok && !hasErrorObject(answer.json)) return undefined;
  const byCode = failureByCode(answer, where);
  if (byCode !== undefined) return byCode;
  const what = `${where.resource}/delta`;
  const code = errorCode(answer);
  if (REFUSED_LINK.has(status) && where.followed !== undefined) {
    return /[?&](\$|%24)skiptoken=/i.test(where.followed)
      ? { _tag: 'PageExpired', code }
      : { _tag: 'ResyncRequired', reason: code };
  }
  if (!ok) return failureOf(answer, what, where.asked);
  return { _tag: 'GraphProtocol', detail: `${what} answered ${String(status)} with an error in its body (${code})` };
};

const failureByCode = (
  answer: GraphAnswer,
  where: { readonly base: GraphBase; readonly resource: DeltaResource },
): GraphFailure | undefined => {
  const codes = errorCodes(answer.json);
  const asked = codes.find((code) => RESYNC.has(code.toLowerCase()));
  if (answer.status === 410) return resync(answer, asked ?? 'gone', where);
  // 401 and 403 say something about us, whatever their codes.
  if (answer.status > 299 && answer.status !== 400 && answer.status !== 404) return undefined;
  if (asked !== undefined) return resync(answer, asked, where);
  const expired = codes.find((code) => PAGE.has(code.toLowerCase()));
  return expired === undefined ? undefined : { _tag: 'PageExpired', code: expired };
};
