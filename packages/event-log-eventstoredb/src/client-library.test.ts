import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { clientLibrary } from './client-library.js';

test('where the client is not installed, one sentence says how to get it', () => {
  expect(() => clientLibrary(createRequire('/nowhere/index.js'))).toThrow(
    "EventStoreDB's client is not installed: run npm install @eventstore/db-client@6.",
  );
});
