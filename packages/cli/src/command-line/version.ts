import { readFileSync } from 'node:fs';

/** The version in this package's own manifest: two folders up, from the sources and from the build alike. */
export const version = (): string => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  return manifest.version;
};
