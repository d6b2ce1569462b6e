import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

type File = { readonly body: Uint8Array<ArrayBuffer>; readonly type: string; readonly tag: string };

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Built beside the compiled server; the sources find the same place. */
const folder = fileURLToPath(new URL('../dist/app', import.meta.url));

const readFiles = async (): Promise<ReadonlyMap<string, File>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(async (path): Promise<[string, File]> => {
        const body = Uint8Array.from(await readFile(path));
        const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
        return [relative(folder, path), { body, type: types[extname(path)] ?? 'application/octet-stream', tag }];
      }),
    ),
  );
};

const asText = ({ body }: File): string => new TextDecoder().decode(body);
const attribute = (text: string): string => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/**
 * Answers with the files of the application. Those of `assets/` carry their content in their names and are kept by browsers;
 * every other path is a page of the application, which finds its files by the path under which the host mounted it.
 */
export const makeApplicationFiles = (basePath: string) => {
  let reading: Promise<ReadonlyMap<string, File>> | undefined;
  return async (path: string, request: Request): Promise<Response | undefined> => {
    reading ??= readFiles().catch((problem: unknown) => {
      reading = undefined;
      throw problem;
    });
    const files = await reading;
    const file = files.get(path);
    if (file !== undefined && path !== 'index.html') {
      const cache = path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      const headers = { 'content-type': file.type, 'cache-control': cache, etag: file.tag };
      if (request.headers.get('if-none-match') === file.tag) return new Response(null, { status: 304, headers });
      return new Response(file.body, { headers });
    }
    const page = files.get('index.html');
    if (page === undefined || path.startsWith('assets/')) return undefined;
    const html = asText(page).replace('<base href="/" />', `<base href="${attribute(basePath)}/" />`);
    return new Response(html, { headers: { 'content-type': page.type, 'cache-control': 'no-store' } });
  };
};
