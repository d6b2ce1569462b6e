#!/usr/bin/env node
// Plain JavaScript that every Node can parse up to the check below.
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
const main = new URL('../dist/main.js', import.meta.url);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`directory-sync needs Node 20.19 or later; this is ${process.versions.node}.\n`);
  process.exitCode = 2;
} else if (!existsSync(main)) {
  process.stderr.write('Run `npm run build` first.\n');
  process.exitCode = 1;
} else {
  await import(main.href);
}
