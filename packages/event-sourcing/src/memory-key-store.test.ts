import { describe, it } from 'vitest';
import { keyStoreConformance } from './conformance/index.js';
import { makeMemoryKeyStore } from './memory-key-store.js';

keyStoreConformance({
  name: 'memory',
  describe,
  it,
  durable: false,
  open: async () => {
    const keys = makeMemoryKeyStore();
    return { keys, close: keys.close };
  },
});
