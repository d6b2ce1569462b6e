import { driftEdit } from '../../drift-edits.js';
import type { Wishes } from '../../oracle-rules.js';
import { photoEdit } from '../photo-zoo.js';
import { nothing, times, type FaultKind } from '../scene.js';
import { steadyEdit } from '../steady-edits.js';
import { tell } from './notifications.js';

/** Changes of preferences that end the same however far a round was when they came. */
const changes: readonly [Partial<Wishes>, ...Partial<Wishes>[]] = [
  { hireDateTimeZone: 'Asia/Tokyo' },
  { hireDateTimeZone: 'America/Bogota' },
  { neverDeactivate: [] },
];

export const peopleFaults: ReadonlyArray<FaultKind> = [
  {
    name: 'hand-edit-at-learn-amp',
    arm: ({ simulator, oracle, wishes, say, changes: seen }, random) => {
      // Of somebody who left meanwhile, a sync that has not heard so may put right what was changed by hand, or not.
      const drift = driftEdit({ simulator, random, oracle, wishes: wishes(), isSpared: seen.hasLeft });
      if (drift === undefined) return nothing;
      seen.note(drift.personId);
      say(drift.did);
      return times(1);
    },
  },
  {
    name: 'directory-edit-during-a-round',
    arm: async (scene, random) => {
      const did = Array.from({ length: random.integer(1, 3) }, () => steadyEdit(scene, random));
      const said = did.flatMap((one) => one ?? []);
      for (const text of said) scene.say(text);
      if (said.length > 0 && random.chance(0.7)) await tell(scene);
      return times(said.length);
    },
  },
  {
    name: 'preferences-changed-during-a-round',
    arm: async (scene, random) => {
      const change = random.pick(changes);
      const [first] = scene.alive();
      // Who left keeps what they had: whether the change was seen before they were gone, the oracle cannot know.
      if (first === undefined || scene.changes.hasAnybodyLeft()) return nothing;
      scene.changes.noteEverybody();
      void first.connection().then(
        (connection) => connection.sync({ full: true }).catch(() => undefined),
        () => undefined,
      );
      await scene.wait(random.integer(1, 500));
      scene.changeWishes(change);
      scene.say(`preferences: ${JSON.stringify(change)}`);
      for (const one of scene.alive()) await scene.finish(one.reconnect());
      return times(1);
    },
  },
  {
    name: 'secret-rotated',
    arm: async (scene, random) => {
      const { simulator } = scene;
      const fresh = `rotated~${random.uuid()}`;
      simulator.appCredentials.addSecret(fresh);
      simulator.appCredentials.removeSecret(scene.secret());
      simulator.revokeAccessTokens();
      await scene.wait(random.integer(0, 4) * 60_000);
      scene.changeSecret(fresh);
      return times(1);
    },
  },
  {
    name: 'photo-zoo',
    needs: 'photos',
    arm: ({ simulator, oracle, say }, random) => {
      const did = photoEdit(simulator, oracle, random);
      if (did === undefined) return nothing;
      say(did);
      return times(1);
    },
  },
];
