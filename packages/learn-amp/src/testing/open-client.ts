import type { Command, CommandId, Outcome } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { DispatchedCommand, LearnAmpPort } from '../learn-amp-port.js';
import { openLearnAmpRest } from '../rest/open-learn-amp-rest.js';
import { defaultScopes, type LearnAmpSettings, type LearnAmpWorld } from '../rest/rest-settings.js';

/** A client whose waits pass at once, on a clock that they move. */
export const openClient = (
  baseUrl: string,
  settings: Partial<LearnAmpSettings> = {},
  given: Partial<LearnAmpWorld> = {},
): LearnAmpPort & { readonly waits: ReadonlyArray<number> } => {
  const waits: Array<number> = [];
  let time = Date.parse('2026-03-02T08:00:00Z');
  const world: LearnAmpWorld = {
    fetch: (...input) => fetch(...input),
    now: () => new Date(time),
    random: () => 1,
    sleep: (milliseconds) => {
      waits.push(milliseconds);
      time += milliseconds;
      return Promise.resolve();
    },
    ...given,
  };
  const port = openLearnAmpRest(
    {
      baseUrl,
      auth: { kind: 'client-credentials', clientId: 'id', clientSecret: 'secret', scope: defaultScopes },
      externalId: 'integrationExternalId',
      patienceMs: 30_000,
      ...settings,
    },
    world,
  );
  return { ...port, waits };
};

export const dispatched = (
  commands: ReadonlyArray<Command>,
  { unknown = false, approvedByName }: { readonly unknown?: boolean; readonly approvedByName?: true } = {},
): ReadonlyArray<DispatchedCommand> =>
  commands.map((command, index) => ({ commandId: `c${String(index)}` as CommandId, command, unknown, approvedByName }));

/** The outcomes of these commands, in order. */
export const run = async (
  port: LearnAmpPort,
  commands: ReadonlyArray<Command>,
  options: { readonly unknown?: boolean; readonly approvedByName?: true; readonly signal?: AbortSignal } = {},
): Promise<ReadonlyArray<Outcome>> => {
  const receipts = await port.execute(dispatched(commands, options), { signal: options.signal });
  return receipts.map(({ outcome }) => outcome);
};

/** Every entry of a listing, or the failure that ended it. */
export const collect = async <L, A>(
  pages: AsyncIterable<E.Either<L, ReadonlyArray<A>>>,
): Promise<E.Either<L, ReadonlyArray<A>>> => {
  const all: Array<A> = [];
  for await (const page of pages) {
    if (E.isLeft(page)) return page;
    all.push(...page.right);
  }
  return E.right(all);
};
