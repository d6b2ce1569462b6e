import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { calm, openStage, type Stage } from '../support/stage.js';

/** The tokens of every link that Graph handed out, newest last. */
const tokensOf = ({ simulator }: Stage): ReadonlyArray<string> =>
  simulator.requests
    .matching({ system: 'graph', path: /delta/ })
    .flatMap(({ query }) => Object.entries(query).flatMap(([name, value]) => (/token/i.test(name) ? [value] : [])))
    .filter((token) => token !== 'latest');

const bytesOf = async (folder: string): Promise<Buffer> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Buffer.concat(await Promise.all(files.map((file) => readFile(file))));
};

describe('the newer delta links of quiet rounds', () => {
  it('are kept for the next process, and stand in no file in the clear', async () => {
    const stage = await openStage({ graph: calm });
    stage.crew(4);
    for (let round = 0; round < 3; round += 1) await stage.sync();
    const used = tokensOf(stage);
    const shown = (await stage.events('DeltaCursorMoved')).map(({ data }) => (data as { readonly link: unknown }).link);
    expect(shown.length).toBeGreaterThan(0);
    for (const link of shown) expect(link).toEqual({ sha256: expect.stringMatching(/^[\da-f]{12}$/) as unknown });
    await stage.close();
    const bytes = await bytesOf(stage.folder);
    expect(bytes.includes(stage.directory.scopeGroupId)).toBe(true);
    await stage.reopen();
    stage.simulator.requests.reset();
    expect((await stage.sync()).events).toEqual({});
    // Neither the recorded link again nor any other that was used: they come out of the file.
    const kept = tokensOf(stage);
    expect(kept).toHaveLength((await stage.engine().status()).cursors.length);
    for (const token of kept) {
      expect(used).not.toContain(token);
      expect(bytes.includes(token)).toBe(false);
    }
  });
});
