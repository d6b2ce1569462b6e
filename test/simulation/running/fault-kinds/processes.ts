import { nothing, times, type FaultKind, type Scene } from '../scene.js';

const MINUTE = 60_000;

/** Ended at a crossing; another one takes over some time later. */
const crash = (name: string, applied: boolean): FaultKind => ({
  name,
  arm: async (scene, random) => {
    const victim = random.shuffle(scene.alive())[0];
    if (victim === undefined) return nothing;
    const armed = victim.doom({ nth: random.integer(1, 40), applied });
    // Somebody has to be at work for there to be a crossing.
    void victim.connection().then(
      (connection) => connection.sync({ full: random.chance(0.3) }).catch(() => undefined),
      () => undefined,
    );
    await scene.wait(random.integer(1, 4) * MINUTE);
    if (!victim.isAlive()) await scene.start();
    return armed;
  },
});

const fencedSince = (scene: Scene, from: number): number =>
  scene.reports.slice(from).filter(({ report }) => report.error?.code === 'fenced').length;

export const processFaults: ReadonlyArray<FaultKind> = [
  crash('crash-before-an-effect', false),
  crash('crash-after-an-effect', true),
  {
    name: 'restart',
    arm: async (scene) => {
      const [first] = scene.alive();
      if (first === undefined) return nothing;
      await scene.finish(first.stop());
      first.kill();
      await scene.start();
      return times(1);
    },
  },
  {
    // Two engines on one connection.
    name: 'second-engine',
    arm: async (scene, random) => {
      if (scene.alive().length > 1) return nothing;
      const second = await scene.start();
      await scene.wait(random.integer(3, 8) * MINUTE);
      if (random.chance(0.5)) {
        await scene.finish(second.stop());
        second.kill();
      }
      return times(1);
    },
  },
  {
    // Both are asked to sync at once: one of them finds that the other one has begun.
    name: 'stale-epoch',
    arm: async (scene, random) => {
      if (scene.alive().length < 2) await scene.start();
      const from = scene.reports.length;
      const asked = scene.alive().map(async (one) => {
        await scene.scheduler.sleep(random.integer(0, 400));
        return (await one.connection()).sync({ full: random.chance(0.5) }).catch(() => undefined);
      });
      await scene.finish(Promise.all(asked));
      return times(fencedSince(scene, from));
    },
  },
  {
    name: 'pause-and-resume',
    arm: async (scene, random) => {
      const by = { actor: 'somebody', reason: 'the simulation' };
      const [first] = scene.alive();
      const connection = await scene.finish(first?.connection() ?? Promise.resolve(undefined));
      if (connection === undefined) return nothing;
      const paused = await scene.finish(connection.pause(by).then(() => true));
      await scene.wait(random.integer(1, 3) * MINUTE);
      await scene.finish(connection.resume(by).catch(() => undefined));
      return paused === true ? times(1) : nothing;
    },
  },
];
