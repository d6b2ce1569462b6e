import { openMemoryStores } from '@learnamp/directory-sync';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { connect } from '../../support/connect.js';
import { calm } from '../../support/stage.js';

/** A few people that are known, and one of them whose fields change. */
export type FieldCompany = {
  /** Milliseconds of the processor that one cycle takes once the field holds this, with both systems in the same process. */
  readonly change: (field: string, text: string) => Promise<number>;
  readonly close: () => Promise<void>;
};

export const openFieldCompany = async (): Promise<FieldCompany> => {
  const simulator = await startSimulator({ seed: 4, company: { people: 5 }, graph: calm });
  const engine = connect(simulator, { stores: openMemoryStores() });
  const first = await engine.sync({ photos: false });
  if (!first.ok) throw new Error(JSON.stringify(first.error));
  const [person = ''] = simulator.directory.reachableUsers();
  return {
    change: async (field, text) => {
      simulator.directory.updateUser(person, { [field]: text });
      const before = process.cpuUsage();
      const report = await engine.sync({ photos: false });
      if (!report.ok) throw new Error(JSON.stringify(report.error));
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    },
    close: async () => {
      await engine.close();
      await simulator.close();
    },
  };
};
