import { makeMemoryCache, makeMemoryKeyStore } from '@learnamp/directory-sync-event-sourcing';
import { describe, expect, it } from 'vitest';
import { makeLinkCache } from './link-cache.js';

describe('the newer delta links of quiet rounds', () => {
  it('are of no use without the key, or under another query: the recorded link is followed', async () => {
    const keys = makeMemoryKeyStore();
    const cache = makeMemoryCache();
    const links = makeLinkCache({ cache, keys }, 'acme');
    await links.put('users', 'query', 'recorded', 'https://graph.microsoft.com/newer');
    expect(await links.get('users', 'query', 'recorded')).toBe('https://graph.microsoft.com/newer');
    expect(await links.get('users', 'query', 'another')).toBeUndefined();
    expect(await links.get('users', 'other', 'recorded')).toBeUndefined();
    const stored = (await cache.get('link:acme:users')) ?? '';
    await cache.put('link:acme:groups:1', stored);
    expect(await links.get('groups:1', 'query', 'recorded')).toBeUndefined();
    expect(await makeLinkCache({ cache, keys: makeMemoryKeyStore() }, 'acme').get('users', 'query', 'recorded')).toBe(
      undefined,
    );
  });
});
