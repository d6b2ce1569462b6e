import fc from 'fast-check';
import { decodePreferences } from '@learnamp/directory-sync/preferences';
import { describe, expect, it } from 'vitest';
import { runWords } from '../../packages/cli/src/testing/run-words.js';
import { soundConfiguration } from '../../packages/cli/src/testing/test-configuration.js';
import { hostileValues, placesIn, withAt } from '../../packages/graph/src/testing/hostile-values.js';

const full = {
  ...soundConfiguration,
  eventLog: { kind: 'sqlite', path: './log.db' },
  preferences: {
    invitations: 'manual',
    attributes: { jobTitle: 'jobTitle' },
    customFields: { employeeId: 'Staff no.' },
    neverDeactivate: ['boss@contoso.com'],
    deactivationHold: { count: 5 },
  },
};
/** Put where a value stands, it may be shown nowhere. */
const canary = 'canary-5tQ8-of-a-secret';

const status = (configuration: unknown) =>
  runWords(['status'], {
    configuration,
    preferences: () => Promise.resolve((input, path) => decodePreferences(input, path)),
  });

const expectRefusedOrTaken = async (configuration: unknown, text?: string): Promise<void> => {
  const { code, stdout, stderr, opened } = await status(configuration);
  expect([0, 2]).toContain(code);
  if (code === 2) {
    expect([stdout, opened]).toEqual(['', []]);
    expect(stderr).not.toBe('');
  }
  expect(stderr).not.toMatch(/\n\s+at |TypeError|undefined/);
  expect(stderr.length).toBeLessThan(20_000);
  if (text !== undefined) expect(stderr).not.toContain(text);
};

describe('a configuration with something in it that should not be there', () => {
  it.each(placesIn(full).map((at) => [at.join('.') || 'the whole', at] as const))(
    'at %s is refused with exit code 2 and opens nothing, or is taken',
    async (_, at) => {
      for (const value of hostileValues) await expectRefusedOrTaken(withAt(full, at, value));
      await expectRefusedOrTaken(withAt(full, at, undefined));
      await expectRefusedOrTaken(withAt(full, at, [canary]), canary);
      await expectRefusedOrTaken(withAt(full, at, { more: [canary], name: canary }), canary);
    },
  );

  it('that is no JSON, or another JSON, is refused in a few lines', async () => {
    const sound = JSON.stringify(full);
    await fc.assert(
      fc.asyncProperty(fc.nat(sound.length), fc.string({ maxLength: 5 }), async (at, put) => {
        await expectRefusedOrTaken(sound.slice(0, at) + put + sound.slice(at + put.length));
      }),
      { numRuns: 60 },
    );
    for (const text of ['', '\u0000', '[]', '7', 'null', '{', '\ufeff{}', '['.repeat(20_000)])
      await expectRefusedOrTaken(text);
  });
});
