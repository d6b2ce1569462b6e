import type * as library from '@eventstore/db-client';
import { createRequire } from 'node:module';

export type ClientLibrary = typeof library;

/** Who uses EventStoreDB brings its client along: nobody else has to install what it is made of. */
export class EventStoreDbClientMissing extends Error {
  constructor(options?: ErrorOptions) {
    super("EventStoreDB's client is not installed: run npm install @eventstore/db-client@6.", options);
    this.name = 'EventStoreDbClientMissing';
  }
}

const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && (cause as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';

/** Loads the client (a CommonJS module, so this need not be awaited). Throws one sentence where it is not installed. */
export const clientLibrary = (require: NodeJS.Require = createRequire(import.meta.url)): ClientLibrary => {
  try {
    return require('@eventstore/db-client') as ClientLibrary;
  } catch (cause) {
    if (isMissing(cause)) throw new EventStoreDbClientMissing({ cause });
    throw cause;
  }
};
