import type {
  AccountLookup,
  DispatchedCommand,
  LearnAmpAccount,
  LearnAmpPort,
  LearnAmpUserId,
  PortAlert,
  Receipt,
} from '@learnamp/directory-sync';
import { makeAccountBook, type AccountBook, type NewAccount } from './account-book.js';
import { carryOut, type Company } from './in-process-commands.js';

export type InProcessOptions = {
  /** Default: an owner and an admin, as every company has. */
  readonly accounts?: Iterable<NewAccount>;
  /** Default: as many as are wanted. */
  readonly seats?: () => number;
  readonly customFields?: ReadonlyArray<string>;
  /** Many subjects in one call. Default true. */
  readonly batch?: boolean;
  readonly pageSize?: number;
};

/** Learn Amp as a host has it: its own accounts in the same process, no network between. */
export type InProcessLearnAmp = {
  readonly port: LearnAmpPort;
  readonly book: AccountBook;
  /** Whom mail went to, every time. */
  readonly invitations: ReadonlyArray<LearnAmpUserId>;
  readonly deactivations: ReadonlyArray<LearnAmpUserId>;
  readonly pictures: ReadonlyMap<LearnAmpUserId, Uint8Array>;
  readonly alerts: ReadonlyArray<PortAlert>;
  /** Calls of the port so far. */
  readonly calls: () => { readonly execute: number; readonly executeAll: number; readonly commands: number };
};

type Right<A> = { readonly _tag: 'Right'; readonly right: A };
const right = <A>(value: A): Right<A> => ({ _tag: 'Right', right: value });

const find = (book: AccountBook, lookup: AccountLookup): LearnAmpAccount | undefined => {
  switch (lookup.by) {
    case 'id':
      return book.find(lookup.learnAmpUserId);
    case 'externalId':
      return book.byExternalId(lookup.externalId);
    case 'email':
      return book.byEmail(lookup.email);
  }
};

/** Pages of what is there; what is added meanwhile may or may not be on a later one. */
async function* pagesOf<A>(all: Iterable<A>, size: number): AsyncGenerator<Right<ReadonlyArray<A>>, void> {
  let page: A[] = [];
  for (const one of all) {
    page.push(one);
    if (page.length < size) continue;
    yield Promise.resolve(right(page));
    page = [];
  }
  if (page.length > 0) yield right(page);
}

const company: ReadonlyArray<NewAccount> = [
  { email: 'owner@fabrikam.example', firstName: 'Olive', lastName: 'Owner', role: 'owner' },
  { email: 'admin@fabrikam.example', firstName: 'Adam', lastName: 'Admin', role: 'admin' },
];

/**
 * The port as a host implements it, over memory, at any size: every command takes effect at once, and the same one twice
 * takes effect once.
 */
export const openInProcessLearnAmp = (options: InProcessOptions = {}): InProcessLearnAmp => {
  const { accounts = company, seats = () => Number.POSITIVE_INFINITY, customFields = [], pageSize = 500 } = options;
  const book = makeAccountBook();
  for (const account of accounts) book.add(account);
  const invitations: LearnAmpUserId[] = [];
  const deactivations: LearnAmpUserId[] = [];
  const alerts: PortAlert[] = [];
  const calls = { execute: 0, executeAll: 0, commands: 0 };
  const world: Company = {
    book,
    seats,
    customFields: new Set(customFields),
    invited: ({ learnAmpUserId }) => void invitations.push(learnAmpUserId),
    deactivated: ({ learnAmpUserId }) => void deactivations.push(learnAmpUserId),
    pictures: new Map(),
    made: new Map(),
  };

  /** Up to the first that does not succeed. */
  const ofOne = (commands: ReadonlyArray<DispatchedCommand>): ReadonlyArray<Receipt> => {
    const receipts: Receipt[] = [];
    for (const sent of commands) {
      calls.commands += 1;
      const outcome = carryOut(world, sent);
      receipts.push({ commandId: sent.commandId, outcome });
      if (outcome._tag !== 'Succeeded') break;
    }
    return receipts;
  };

  // #region port
  const port: LearnAmpPort = {
    accounts: () => pagesOf(book.all(), pageSize),
    teams: () => pagesOf(book.teams(), pageSize),
    findAccount: (lookup) => () => Promise.resolve(right(find(book, lookup))),
    execute: (commands) => {
      calls.execute += 1;
      return Promise.resolve(ofOne(commands));
    },
    ...(options.batch === false
      ? {}
      : {
          executeAll: (subjects) => {
            calls.executeAll += 1;
            return Promise.resolve(subjects.map(ofOne));
          },
        }),
    alert: (alert) => void alerts.push(alert),
    requestCount: () => 0,
    avatars: true,
    close: () => Promise.resolve(),
  };
  // #endregion port
  return { port, book, invitations, deactivations, pictures: world.pictures, alerts, calls: () => ({ ...calls }) };
};
