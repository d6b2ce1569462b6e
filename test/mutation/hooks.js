/** Loads TypeScript as it stands, and anew for each `?generation=N` of the file that begins. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const standIns = {
  vitest: new URL('stand-in-vitest.js', import.meta.url).href,
  'fast-check': new URL('few-runs.js', import.meta.url).href,
};
const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true };
const transpiled = new Map();

export const resolve = (specifier, context, next) => {
  const standIn = standIns[specifier];
  if (standIn !== undefined) return { url: standIn, shortCircuit: true };
  const from = new URL(context.parentURL ?? import.meta.url);
  if (from.pathname.endsWith('.ts') && /^\.{1,2}\//.test(specifier)) {
    const url = new URL(specifier.replace(/\.js$/, '.ts'), from);
    url.search = from.search;
    return { url: url.href, shortCircuit: true };
  }
  const conditions = ['directory-sync-source', ...context.conditions];
  return next(specifier.replace(/-itself$/, ''), { ...context, conditions });
};

export const load = async (url, context, next) => {
  const { pathname } = new URL(url);
  if (!pathname.endsWith('.ts')) return next(url, context);
  if (!transpiled.has(pathname)) {
    const source = await readFile(fileURLToPath(new URL(pathname, 'file:')), 'utf8');
    transpiled.set(pathname, ts.transpileModule(source, { compilerOptions: options }).outputText);
  }
  return { format: 'module', source: transpiled.get(pathname), shortCircuit: true };
};
