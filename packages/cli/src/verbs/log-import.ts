import { importLog } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import type { Terminal } from '../command-line/terminal.js';
import type { Configuration } from '../configuration/configuration.js';
import { openStores } from '../open-stores.js';
import { counted, printable } from '../reports/printable.js';
import { linesOfFile } from './lines-of-file.js';
import { openProgressBars } from './progress-bars.js';
import type { ExitCode } from './verb-context.js';

type Invocation = Extract<InvocationOf<'log'>, { readonly action: 'import' }>;

/** `log import`: an exported log into an empty one. No engine is opened: there is no log of the connection yet. */
export const logImport = async (
  { file, json, verbose }: Invocation,
  { connectionId, tenantId, storage, patienceSeconds }: Configuration,
  terminal: Terminal,
): Promise<ExitCode> => {
  const stores = await openStores(storage, { readOnly: false, patienceMs: patienceSeconds * 1_000 });
  const bars = await openProgressBars(verbose ? undefined : terminal.progress);
  try {
    const { records, head } = await importLog({
      ...stores,
      connectionId,
      tenantId,
      lines: () => linesOfFile(terminal.folder, file),
      now: terminal.now,
      onProgress: ({ done, total }) => bars.show({ step: 'fold', done, total }),
      signal: terminal.stopSignal(),
    }).finally(bars.stop);
    const end = head === null ? 'the log is empty' : `the head is revision ${head.revision} (hash ${head.hash})`;
    const told = `Imported ${counted(records, 'record', 'records')} of ${printable(connectionId)}: ${end}.`;
    await writeLast(terminal.out, `${json ? JSON.stringify({ records, head }) : told}\n`);
    return 0;
  } finally {
    for (const store of [stores.log, stores.keys, stores.cache, stores.inbox, stores.projections])
      await store.close().catch(() => undefined);
  }
};
