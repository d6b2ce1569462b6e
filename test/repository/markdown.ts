import { files, read } from './tree.js';

/** One fenced block. `info` is what stands behind the language: `config`, or `path/to/file.ts#region`. */
export type Block = {
  readonly path: string;
  readonly line: number;
  readonly language: string;
  readonly info: string;
  readonly text: string;
};

export const pages = (): ReadonlyArray<string> =>
  files().filter((path) => path === 'README.md' || (path.startsWith('docs/') && path.endsWith('.md')));

export const blocksIn = (path: string): ReadonlyArray<Block> => {
  const blocks: Block[] = [];
  let open:
    { readonly line: number; readonly language: string; readonly info: string; readonly lines: string[] } | undefined;
  for (const [at, line] of read(path).split('\n').entries()) {
    const fence = /^```(\S*) ?(.*)$/.exec(line.trimStart());
    if (fence === null) open?.lines.push(line);
    else if (open === undefined) open = { line: at + 1, language: fence[1] ?? '', info: fence[2] ?? '', lines: [] };
    else {
      blocks.push({ path, line: open.line, language: open.language, info: open.info, text: open.lines.join('\n') });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`${path}:${open.line}: the block is not closed`);
  return blocks;
};

export const blocks = (language: string): ReadonlyArray<Block> =>
  pages()
    .flatMap(blocksIn)
    .filter((block) => block.language === language);

/** The lines between `// #region NAME` and its end, moved to the left; inner markers are left out. */
export const regionOf = (path: string, name: string): string => {
  const lines = read(path).split('\n');
  const start = lines.findIndex((line) => line.trim() === `// #region ${name}`);
  if (start === -1) throw new Error(`${path} has no region ${name}`);
  const kept: string[] = [];
  let depth = 1;
  for (const line of lines.slice(start + 1)) {
    if (line.trim().startsWith('// #region')) depth += 1;
    else if (line.trim().startsWith('// #endregion')) depth -= 1;
    else kept.push(line);
    if (depth === 0) break;
  }
  const indent = Math.min(
    ...kept.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length),
  );
  return kept
    .map((line) => line.slice(indent))
    .join('\n')
    .trim();
};

/** GitHub's anchors of the headings of a page. */
export const anchorsOf = (path: string): ReadonlyArray<string> =>
  read(path)
    .split('\n')
    .filter((line) => /^#+ /.test(line))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
