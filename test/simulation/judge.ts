import type { SyncReport } from '@learnamp/directory-sync';
import type { LearnAmpModel } from '@learnamp/directory-sync-simulator';
import { differences } from './compare.js';
import type { Oracle } from './oracle.js';
import type { Wishes } from './oracle-rules.js';

export type Judged = { readonly oracle: Oracle; readonly learnAmp: LearnAmpModel; readonly wishes: Wishes };

const inWords = (wrong: ReturnType<typeof differences>): string | undefined => {
  const [first, ...others] = wrong;
  if (first === undefined) return undefined;
  const { who, field, wanted, found } = first;
  const more = others.slice(0, 4).map((other) => {
    const [due, is] = [JSON.stringify(other.wanted), JSON.stringify(other.found)];
    return `${other.who} ${other.field} ${due} ${is}`;
  });
  const rest = others.length > 0 ? ` (and ${others.length} more: ${more.join('; ')})` : '';
  return `${who} ${field}: wanted ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}${rest}`;
};

/** Whoever is in the group without what is due must be told of, or wait for somebody who is. */
const silentOne = ({ oracle }: Judged, report: SyncReport): string | undefined => {
  const reported = new Set<string>(report.attention.map(({ userId }) => userId));
  const unserved = oracle.unserved();
  const isTold = (id: string, asked: ReadonlySet<string> = new Set()): boolean => {
    if (reported.has(id)) return true;
    const next = unserved.get(id);
    return next !== undefined && !asked.has(next) && unserved.has(next) && isTold(next, new Set([...asked, id]));
  };
  return [...unserved.keys()].find((id) => !isTold(id));
};

/** The first thing that is not as the oracle says after a completed sync, in words. */
export const judge = (judged: Judged, report: SyncReport): string | undefined => {
  const { oracle, learnAmp, wishes } = judged;
  const unlike = inWords(differences(oracle, learnAmp, wishes));
  if (unlike !== undefined) return unlike;
  const held = report.attention.flatMap(({ kind, userId }) => (kind === 'held' ? [userId as string] : [])).sort();
  const toBeHeld = [...oracle.held()].sort();
  if (held.join() !== toBeHeld.join()) return `held: wanted ${toBeHeld.join(' ')}, found ${held.join(' ')}`;
  const silent = silentOne(judged, report);
  return silent === undefined ? undefined : `${silent} is in the group without what is due, and nobody is told`;
};
