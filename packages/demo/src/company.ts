import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { startSimulator } from '@learnamp/directory-sync-simulator';

// `npm run company`: the made-up company alone, for commands of your own (docs/tutorial/first-sync.md).
const folder = join(process.cwd(), 'fabrikam');
const configurationFile = join(folder, 'directory-sync.json');

const withSecretFiles = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key: string, inner: unknown) => {
    if (key !== 'clientSecret') return inner;
    const { env } = inner as { readonly env: string };
    return { file: `./${env.toLowerCase()}` };
  });

const open = async (): Promise<() => Promise<void>> => {
  const simulator = await startSimulator({ seed: 7 });
  const { configuration, env } = simulator.config({ eventLog: { kind: 'sqlite', path: './fabrikam.db' } });
  await mkdir(folder, { mode: 0o700 });
  const remove = async (): Promise<void> => {
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await writeFile(configurationFile, `${JSON.stringify(withSecretFiles(configuration), null, 2)}\n`);
    for (const [name, secret] of Object.entries(env))
      await writeFile(join(folder, name.toLowerCase()), `${secret}\n`, { mode: 0o600 });
  } catch (problem) {
    await remove();
    throw problem;
  }
  return remove;
};

if (existsSync(folder)) {
  process.stderr.write('The folder fabrikam is there already: stop the other company, or remove the folder.\n');
  process.exitCode = 2;
} else {
  const close = await open();
  process.stdout.write(
    `Fabrikam is open: 250 people in Entra, three accounts in Learn Amp. Its configuration is ${relative(process.cwd(), configurationFile)}.\n` +
      'Ctrl+C closes the company and removes the folder.\n',
  );
  // Listening servers keep the process; the signal frees them.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => {
      close().catch((problem: unknown) => {
        process.stderr.write(`The folder fabrikam could not be removed: ${String(problem)}\n`);
        process.exitCode = 1;
      });
    });
}
