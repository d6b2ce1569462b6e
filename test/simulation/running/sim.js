import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

// The simulation is TypeScript over the built packages: `npm run sim` builds them first.
const here = dirname(fileURLToPath(import.meta.url));
const { module } = await runnerImport(join(here, 'sim.ts'), {
  configFile: false,
  root: here,
  logLevel: 'error',
});
await module.main(process.argv.slice(2));
