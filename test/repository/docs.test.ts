import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import {
  decodePreferences,
  defaultPreferences,
  type Alert,
  type AttentionKind,
  type ErrorCode,
} from '@learnamp/directory-sync';
import { holdReasonWords } from '@learnamp/directory-sync/words';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { openPlayground, splitWords } from './playground.js';
import { anchorsOf, blocks, blocksIn, pages, regionOf, type Block } from './markdown.js';
import { packageJson, read, root } from './tree.js';

const place = ({ path, line }: Block): string => `${path}:${line}`;

test('every page is reached from the README or from a page that is', () => {
  const reached = new Set(['README.md']);
  const waiting = ['README.md'];
  for (let page = waiting.pop(); page !== undefined; page = waiting.pop())
    for (const [, link = ''] of read(page).matchAll(/\]\(([^)#:]+\.md)[^)]*\)/g)) {
      const target = normalize(join(dirname(page), link));
      if (!reached.has(target)) waiting.push(target);
      reached.add(target);
    }
  expect(pages().filter((page) => !reached.has(page))).toEqual([]);
});

test('every page is two clicks from the index of the documents', () => {
  const linked = (page: string): ReadonlyArray<string> =>
    [...read(page).matchAll(/\]\(([^)#:]+\.md)[^)]*\)/g)].map(([, link = '']) => normalize(join(dirname(page), link)));
  const first = linked('docs/README.md');
  const near = new Set([
    'docs/README.md',
    ...first,
    ...first.flatMap((page) => (existsSync(join(root, page)) ? linked(page) : [])),
  ]);
  expect(pages().filter((page) => !near.has(page))).toEqual([]);
});

test('every link inside the repository leads to a file, and to a heading where it names one', () => {
  const broken = pages().flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].flatMap(([whole, file = '', anchor]) => {
      const target = file === '' ? page : normalize(join(dirname(page), file));
      if (!existsSync(join(root, target))) return [`${page}: ${whole}`];
      return anchor === undefined || anchorsOf(target).includes(anchor) ? [] : [`${page}: ${whole}`];
    }),
  );
  expect(broken).toEqual([]);
});

test('every block is of a kind that is checked here, or plain text', () => {
  const unknown = pages()
    .flatMap(blocksIn)
    .filter(
      ({ language, info }) =>
        !['sh', 'text', 'ruby', 'mermaid'].includes(language) &&
        !(language === 'json') &&
        !(language === 'ts' && info.includes('#')),
    );
  expect(unknown.map(place)).toEqual([]);
});

/** Formatting may break lines of a block elsewhere than in the file it comes from. */
const unformatted = (code: string): string => code.replace(/\s+/g, '').replace(/,([)\]}])/g, '$1');

// With UPDATE_DOCS=1 the blocks are written anew from the files they come from.
describe('TypeScript', () => {
  test.each(blocks('ts').map((block) => [place(block), block] as const))(
    '%s is lifted from a test',
    (_place, block) => {
      const [path = '', name = ''] = block.info.split('#');
      expect(path).toMatch(/^test\//);
      const wanted = regionOf(path, name);
      if (process.env['UPDATE_DOCS'] !== undefined && unformatted(block.text) !== unformatted(wanted)) {
        const [before, after = ''] = read(block.path).split(`\`\`\`ts ${block.info}\n`);
        const rest = after.slice(after.indexOf('```'));
        writeFileSync(join(root, block.path), `${before}\`\`\`ts ${block.info}\n${wanted}\n${rest}`);
        return;
      }
      expect(unformatted(block.text)).toBe(unformatted(wanted));
    },
  );
});

describe('JSON', () => {
  const json = (info: string) =>
    blocks('json')
      .filter((block) => block.info === info)
      .map((block) => [place(block), JSON.parse(block.text) as unknown] as const);

  test('every block parses and says what it is', () => {
    for (const block of blocks('json')) expect(() => void JSON.parse(block.text), place(block)).not.toThrow();
    expect([...new Set(blocks('json').map(({ info }) => info))].sort()).toEqual([
      '',
      'config',
      'preferences',
      'report',
    ]);
  });

  test.each(json('config'))(
    'the configuration at %s is accepted by the command line',
    async (_place, configuration) => {
      const playground = await openPlayground(configuration);
      try {
        // `status` reads the whole configuration and asks nobody.
        expect(await playground.run(['status', '--json'])).toMatchObject({ code: 0, stderr: '' });
      } finally {
        await playground.close();
      }
    },
  );

  test.each(json('preferences'))('the preferences at %s are accepted', (_place, preferences) => {
    const decoded = decodePreferences(preferences);
    expect(E.isRight(decoded) ? [] : decoded.left).toEqual([]);
  });

  test('the report has the fields a report has', async () => {
    const [[, documented] = []] = json('report');
    const playground = await openPlayground();
    try {
      const { stdout } = await playground.run(['sync', '--json']);
      const report = JSON.parse(stdout) as Readonly<Record<string, object>>;
      expect(Object.keys(documented as object)).toEqual(Object.keys(report));
      for (const key of ['requests', 'people']) {
        expect(Object.keys((documented as typeof report)[key] ?? {})).toEqual(Object.keys(report[key] ?? {}));
      }
      const counts = (from: unknown): ReadonlyArray<string> =>
        Object.keys(Object.values((from as { commands: object }).commands)[0] as object);
      expect(counts(documented)).toEqual(counts(report));
    } finally {
      await playground.close();
    }
  });
});

describe('commands', () => {
  const scripts = packageJson('.').scripts ?? {};
  const lines = blocks('sh')
    .flatMap((block) => block.text.split('\n').map((line) => ({ path: block.path, line: line.trim() })))
    .filter(({ line }) => line !== '');

  test('those of npm are there', () => {
    const named = lines.flatMap(({ line }) => line.split(' && ')).filter((line) => line.startsWith('npm '));
    expect(named.length).toBeGreaterThan(3);
    for (const line of named) {
      if (line === 'npm ci') continue;
      const script =
        line === 'npm test' ? 'test' : (/^npm run (?:--silent )?([a-z-]+)(?: -- [a-z-]+)?$/.exec(line)?.[1] ?? line);
      expect(Object.keys(scripts), line).toContain(script);
    }
  });

  const runnable = lines.filter(({ line }) => !line.startsWith('npm '));
  const byPage = [...new Set(runnable.map(({ path }) => path))].map(
    (path) => [path, runnable.filter((each) => each.path === path).map(({ line }) => line)] as const,
  );

  /** On pages for whoever has a connection that is in use: it is not asked of the reader. */
  const afterSync = '<!-- run after a first sync -->';

  test.each(byPage)(
    'those of %s do what the page says, one after the other',
    { timeout: 240_000 },
    async (path, commands) => {
      const playground = await openPlayground();
      try {
        if (read(path).includes(afterSync)) expect(await playground.run(['sync', '--yes'])).toMatchObject({ code: 0 });
        for (const line of commands) {
          const [first, second, ...rest] = splitWords(line);
          if (first === 'rm') await playground.remove(rest);
          else {
            expect([first, second], line).toEqual(['npx', 'directory-sync']);
            expect(await playground.run(rest), line).toMatchObject({ code: 0 });
          }
        }
      } finally {
        await playground.close();
      }
    },
  );
});

describe('tables', () => {
  const firstCells = (path: string, heading: string): ReadonlyArray<string> => {
    const section = read(path).split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
    return section
      .split('\n')
      .flatMap((line) =>
        [...(/^\| (`[^|]*)\|/.exec(line)?.[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, word = '']) => word),
      );
  };

  test('the defaults of the preferences are those of the code', () => {
    const section = read('docs/reference/configuration.md').split('\n## Preferences\n')[1] ?? '';
    const rows = section.split('\n').flatMap((line) => {
      const cells = line.split('|').map((cell) => cell.trim());
      const key = /^`([A-Za-z]+)`$/.exec(cells[1] ?? '')?.[1];
      return key === undefined ? [] : [[key, cells[3] ?? ''] as const];
    });
    expect(rows.map(([key]) => key).sort()).toEqual(Object.keys(defaultPreferences).sort());
    for (const [key, shown] of rows) {
      if (key === 'attributes') continue;
      expect(JSON.parse(shown.replaceAll('`', '')), key).toEqual(
        defaultPreferences[key as keyof typeof defaultPreferences],
      );
    }
  });

  test('the map of attributes is that of the code', () => {
    const rows = read('docs/how-to/map-attributes.md')
      .split('\n')
      .flatMap((line) => {
        const [, field, attribute] = /^\| `([A-Za-z]+)` +\| (?:as )?`([A-Za-z]+)`/.exec(line) ?? [];
        return field === undefined || attribute === undefined ? [] : [[field, [attribute]] as const];
      });
    expect(Object.fromEntries(rows)).toEqual(defaultPreferences.attributes);
  });

  // A kind or code that the engine gains does not compile here before it is listed, and then not pass before it is documented.
  const attention: Readonly<Record<AttentionKind, true>> = {
    parked: true,
    rejected: true,
    unanswered: true,
    held: true,
    'identity-conflict': true,
    'leave-unconfirmed': true,
    'no-email': true,
    protected: true,
  };
  const errors: Readonly<Record<ErrorCode, true>> = {
    'graph-unreachable': true,
    'graph-credentials': true,
    'graph-protocol': true,
    'group-not-found': true,
    'group-unreadable': true,
    'unsafe-link': true,
    'learn-amp-unreachable': true,
    'learn-amp-credentials': true,
    throttled: true,
    'log-unavailable': true,
    'key-store-mismatch': true,
    'unknown-event': true,
    fenced: true,
    'invariant-violated': true,
    declined: true,
    stopped: true,
  };

  test('every reason of a hold is explained, in the words that people are shown', () => {
    const [, rows = ''] = read('docs/how-to/decide-about-holds.md').split('| reason (with `--json`)');
    const shown = [...(rows.split('\n\n')[0] ?? '').matchAll(/^\| `([a-z-]+)` +\| (.*?) +\|/gm)];
    expect(Object.fromEntries(shown.map(([, reason = '', words = '']) => [reason, words]))).toEqual(holdReasonWords);
  });

  const alerts: Readonly<Record<Alert['kind'], true>> = {
    held: true,
    parked: true,
    credentials: true,
    'unsafe-link': true,
    'restarted-round': true,
    'delivery-paused': true,
    'invariant-violated': true,
    stale: true,
    'old-links': true,
    notifications: true,
  };

  test.each([
    ['Attention', attention, 'docs/how-to/read-the-report.md'],
    ['Error codes', errors, 'docs/how-to/read-the-report.md'],
    ['Alerts', alerts, 'docs/explanation/running.md'],
  ])('"%s" lists every value there is', (heading, values, page) => {
    const words = firstCells(page, heading);
    expect([...words].sort()).toEqual(Object.keys(values).sort());
  });
});
