import { nothing, times, type FaultKind, type Scene } from '../scene.js';
import type { PostTrouble } from '../post-office.js';
import { publicUrl } from '../process.js';

/** Graph tells of somebody and of the group; what it names is a hint. */
export const tell = async ({ simulator, finish }: Scene): Promise<void> => {
  const someone = simulator.directory.users()[0]?.id ?? simulator.scopeGroupId;
  await finish(simulator.subscriptions.notify('users', [someone]).catch(() => undefined));
  await finish(simulator.subscriptions.notify('groups', [simulator.scopeGroupId]).catch(() => undefined));
};

const befalls = (trouble: PostTrouble): FaultKind => ({
  name: `notification-${trouble}`,
  arm: async (scene, random) => {
    const armed = scene.office.arm(trouble, random.integer(1, 9) * 60_000);
    await tell(scene);
    return armed;
  },
});

export const notificationFaults: ReadonlyArray<FaultKind> = [
  befalls('lost'),
  befalls('duplicated'),
  befalls('late'),
  befalls('reordered'),
  {
    name: 'notification-forged',
    arm: async ({ simulator, office, finish }, random) => {
      const [subscription] = simulator.subscriptions.list();
      const item = {
        subscriptionId: random.chance(0.7) ? subscription?.id : random.uuid(),
        clientState: random.pick(['guessed', '', '\u0000', 'x'.repeat(5_000)]),
        tenantId: random.chance(0.5) ? simulator.tenantId : random.uuid(),
        changeType: 'updated',
        resource: `Users/${random.uuid()}`,
        resourceData: { id: random.uuid() },
      };
      const body = random.pick([
        JSON.stringify({ value: [item] }),
        '{"value":',
        '[]',
        JSON.stringify({ value: [null] }),
      ]);
      const answer = await finish(office.call({ url: new URL(publicUrl), contentType: 'application/json', body }));
      return answer === undefined ? nothing : times(1);
    },
  },
];
