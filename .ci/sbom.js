/**
 * The bill of materials of what is published, in CycloneDX's format: that of npm over the lock, less what only tests and tools
 * need. npm's own `--omit dev` leaves out whatever a tool needs too, also where a published package does.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const published = readdirSync(join(root, 'packages'))
  .map((folder) => JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')))
  .filter(({ private: isPrivate }) => isPrivate !== true);

const npm = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'library', '--package-lock-only'];
const bill = JSON.parse(execFileSync('npm', npm, { cwd: root, encoding: 'utf8', maxBuffer: 1e8 }));
const below = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn ?? []]));

/** What a published package is made of: what npm installs with it, and what was built into the pages of the console. */
const madeOf = new Map(
  published.map(({ name, version, dependencies = {}, optionalDependencies = {}, devDependencies = {} }) => {
    const builtIn = name.endsWith('-console')
      ? Object.keys(devDependencies).filter((each) => !/^(@types\/|vite$|@vitejs\/)/.test(each))
      : [];
    return [`${name}@${version}`, new Set([...Object.keys({ ...dependencies, ...optionalDependencies }), ...builtIn])];
  }),
);

const needed = (ref) => {
  const wanted = madeOf.get(ref);
  const all = below.get(ref) ?? [];
  return wanted === undefined ? all : all.filter((next) => wanted.has(next.slice(0, next.lastIndexOf('@'))));
};

const kept = new Set();
const keep = (ref) => {
  if (kept.has(ref)) return;
  kept.add(ref);
  needed(ref).forEach(keep);
};
[...madeOf.keys()].forEach(keep);

// Of a workspace npm says the name of its folder.
const named = (component) => {
  const ref = component['bom-ref'];
  return madeOf.has(ref) ? { ...component, name: ref.slice(0, ref.lastIndexOf('@')) } : component;
};
const components = bill.components.filter((component) => kept.has(component['bom-ref'])).map(named);
const dependencies = bill.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref }) => ({ ref, dependsOn: needed(ref).filter((next) => kept.has(next)) }));
process.stdout.write(`${JSON.stringify({ ...bill, components, dependencies }, null, 2)}\n`);
