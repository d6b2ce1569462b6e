import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../commands.js';
import { desire } from '../desire/desire.js';
import type { DirectoryPerson } from '../directory/directory-person.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { CommandId } from '../ids.js';
import type { Preferences } from '../preferences/preferences.js';
import { ann, openCompany, type Company } from '../testing/company.js';
import { planPerson } from './plan-person.js';
import { refusalKey } from './refused.js';

const staffed = (preferences: Partial<Preferences> = {}): Company => {
  const company = openCompany(preferences);
  company.join(ann);
  company.sync();
  return company;
};

const photo = (company: Company, to: string): void => {
  const from = company.person(ann)?.photo ?? null;
  company.record({ type: 'PhotoChanged', data: { userId: ann, from, to } });
};
const removed: DirectoryEvent = { type: 'PhotoRemoved', data: { userId: ann } };
const commandId = 'c' as CommandId;
const dispatched = (kind: Command['kind']): DirectoryEvent => ({
  type: 'CommandsDispatched',
  data: { plannerVersion: 1, graphTime: '', items: [{ commandId, subject: ann, kind, mac: '' }] },
});
const avatar = (company: Company, mark: string): Command => ({
  kind: 'SetAvatar',
  userId: ann,
  learnAmpUserId: company.delivered(ann).link!,
  photo: mark,
});
const contextOf = (company: Company) => ({
  preferences: company.preferences,
  person: company.person,
  delivered: company.delivered,
  desired: (person: DirectoryPerson) => desire(company.preferences, person),
  team: () => undefined,
  holderOfEmail: () => undefined,
  holderOfAccount: () => undefined,
  unsupported: new Set<never>(),
});
const look = (company: Company): void => {
  company.record({ type: 'LearnAmpUserObserved', data: { userId: ann, account: company.accountOf(ann)! } });
};

describe('the photo', () => {
  it('becomes the avatar, once', () => {
    const company = staffed();
    expect(company.wanted()).toEqual([]);
    photo(company, 'one');
    expect(company.wanted()).toEqual([avatar(company, 'one')]);
    expect(company.sync()).toEqual(['SetAvatar']);
    expect(company.sync()).toEqual([]);
  });

  it('of ten changes the last is one call', () => {
    const company = staffed();
    for (let n = 0; n < 10; n += 1) photo(company, `photo ${n}`);
    expect(company.wanted()).toEqual([avatar(company, 'photo 9')]);
  });

  it('of somebody without an account waits for the account', () => {
    const company = openCompany();
    company.join(ann);
    photo(company, 'one');
    expect(company.sync()).toEqual(['EnsureTeam', 'CreateUser', 'SetPrimaryTeam', 'SetAvatar']);
  });

  it('is nobody’s business while the preference is off', () => {
    const company = staffed({ syncPhotos: false, clearRemovedPhotos: true });
    photo(company, 'one');
    expect(company.wanted()).toEqual([]);
    company.record(removed);
    expect(company.wanted()).toEqual([]);
  });

  it.each([
    [false, []],
    [true, ['ClearAvatar']],
  ])('that was removed is cleared only where the company wants that (clearRemovedPhotos: %s)', (clears, kinds) => {
    const company = staffed({ clearRemovedPhotos: clears });
    photo(company, 'one');
    company.sync();
    company.record(removed);
    expect(company.sync()).toEqual(kinds);
    expect(company.sync()).toEqual([]);
    photo(company, 'two');
    expect(company.sync()).toEqual(['SetAvatar']);
  });

  it('that never became the avatar clears none that was put there by hand', () => {
    const company = staffed({ clearRemovedPhotos: true });
    photo(company, 'one');
    company.record(removed);
    expect(company.wanted()).toEqual([]);
  });

  it.each(['not_an_image', 'too_large'] as const)('refused as %s is asked for again once it changes', (code) => {
    const company = staffed();
    photo(company, 'odd');
    const command = avatar(company, 'odd');
    company.record(dispatched('SetAvatar'), {
      type: 'CommandRejected',
      data: { commandId, command, code, fields: ['photo'] },
    });
    expect(company.plan(ann)).toMatchObject({
      commands: [],
      notes: [{ kind: 'rejected', reason: `SetAvatar: ${code} (photo)` }],
    });
    photo(company, 'better');
    expect(company.sync()).toEqual(['SetAvatar']);
    expect(company.plan(ann).notes).toEqual([]);
  });

  it('refused for what it is stays refused when a full cycle asks once more; refused by Learn Amp it is asked for', () => {
    for (const [code, kinds] of [
      ['not_an_image', []],
      ['validation', ['SetAvatar']],
    ] as const) {
      const company = staffed();
      photo(company, 'odd');
      const command = avatar(company, 'odd');
      company.record({ type: 'CommandRejected', data: { commandId, command, code, fields: [] } });
      const askAgain = new Set([refusalKey(ann, 'SetAvatar')]);
      const plan = planPerson({ ...contextOf(company), askAgain }, ann);
      expect(plan.commands.map(({ kind }) => kind)).toEqual(kinds);
    }
  });

  it('sent without a receipt is sent again after the account was looked at, whatever its bytes', () => {
    const company = staffed();
    photo(company, 'one');
    company.record(dispatched('SetAvatar'), {
      type: 'CommandSucceeded',
      data: { commandId, command: avatar(company, 'one'), result: 'updated', photoHash: 'bytes of one' },
    });
    expect(company.delivered(ann).photo).toEqual({ mark: 'one', contentHash: 'bytes of one' });
    photo(company, 'two');
    company.record(dispatched('SetAvatar'));
    expect(company.wanted()).toEqual([]);
    look(company);
    expect(company.delivered(ann).photo).toEqual({ mark: null, contentHash: null });
    photo(company, 'one');
    expect(company.wanted()).toEqual([avatar(company, 'one')]);
  });

  it('whose clearing has no receipt is cleared again', () => {
    const company = staffed({ clearRemovedPhotos: true });
    photo(company, 'one');
    company.sync();
    company.record(removed, dispatched('ClearAvatar'));
    expect(company.wanted()).toEqual([]);
    look(company);
    expect(company.sync()).toEqual(['ClearAvatar']);
  });

  it('is set again on return, since nobody looked at the account meanwhile', () => {
    const company = staffed();
    photo(company, 'one');
    company.sync();
    company.leave(ann);
    company.sync();
    company.join(ann);
    expect(company.sync()).toContain('SetAvatar');
  });

  it('of an erased person is forgotten on both sides', () => {
    const company = staffed();
    photo(company, 'one');
    company.sync();
    company.record({ type: 'PersonErased', data: { userId: ann, actor: 'a', reason: 'b' } });
    expect([company.person(ann)?.photo, company.delivered(ann).photo]).toEqual([undefined, undefined]);
  });

  it('whatever happens to it, settles in the avatar of the last photo, and a second sync sends nothing', () => {
    const step = fc.oneof(
      fc.record({ what: fc.constant('photo' as const), mark: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ what: fc.constantFrom('remove', 'sync', 'leave', 'join', 'lose', 'look') }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.boolean(), (steps, clearRemovedPhotos) => {
        const company = staffed({ clearRemovedPhotos });
        const shown = new Map<string, string | undefined>();
        const sync = (): void => {
          const before = company.learnAmp.sent.length;
          company.sync();
          for (const command of company.learnAmp.sent.slice(before)) {
            if (command.kind === 'SetAvatar') shown.set(command.userId, command.photo);
            if (command.kind === 'ClearAvatar') shown.delete(command.userId);
          }
        };
        for (const each of steps) {
          if ('mark' in each) photo(company, each.mark);
          else if (each.what === 'remove') company.record(removed);
          else if (each.what === 'sync') sync();
          else if (each.what === 'leave' && company.person(ann)?.inScope) company.leave(ann);
          else if (each.what === 'join' && !company.person(ann)?.inScope) company.join(ann);
          else if (each.what === 'lose' && company.plan(ann).commands.some(({ kind }) => kind === 'SetAvatar'))
            company.record(dispatched('SetAvatar'));
          else if (each.what === 'look' && company.accountOf(ann) !== undefined) look(company);
        }
        look(company);
        if (!company.person(ann)?.inScope) company.join(ann);
        sync();
        const { photo: last } = company.person(ann)!;
        if (last !== undefined && last !== null) expect(shown.get(ann)).toBe(last);
        if (last === null && clearRemovedPhotos) expect(shown.has(ann)).toBe(false);
        expect(company.sync()).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
