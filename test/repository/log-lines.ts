import { join } from 'node:path';
import ts from 'typescript';
import { files, read } from './tree.js';

/** What a line of the log says, at which level, and which facts stand beside it. */
export type LogLine = { readonly level: string; readonly message: string; readonly facts: ReadonlyArray<string> };

const levels: ReadonlySet<string> = new Set(['debug', 'info', 'warn']);

const textOf = (node: ts.Expression | undefined): string | undefined =>
  node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;

const factsOf = (node: ts.Expression | undefined): ReadonlyArray<string> | undefined =>
  node !== undefined && ts.isObjectLiteralExpression(node)
    ? node.properties.flatMap(({ name }) => (name === undefined ? [] : [name.getText()]))
    : undefined;

const isLogger = (callee: ts.PropertyAccessExpression): boolean => /(^|\.)logger\??$/.test(callee.expression.getText());

type Found = { readonly lines: ReadonlyArray<LogLine>; readonly unclear: ReadonlyArray<string> };

/** A function that only passes its text on to the logger stands for its callers. */
const passedOn = (call: ts.CallExpression, facts: ReadonlyArray<string>, level: string): ReadonlyArray<LogLine> => {
  let at: ts.Node = call;
  while (!ts.isVariableDeclaration(at) && !ts.isSourceFile(at)) at = at.parent;
  if (ts.isSourceFile(at)) return [];
  const name = at.name.getText();
  const lines: LogLine[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === name) {
      const message = textOf(node.arguments[0]);
      if (message !== undefined) lines.push({ level, message, facts });
    }
    node.forEachChild(visit);
  };
  visit(call.getSourceFile());
  return lines;
};

const inFile = (path: string): Found => {
  const source = ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2022, true);
  const lines: LogLine[] = [];
  const unclear: string[] = [];
  const visit = (node: ts.Node): void => {
    node.forEachChild(visit);
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const level = node.expression.name.text;
    if (!levels.has(level) || !isLogger(node.expression)) return;
    const [facts, message] = [factsOf(node.arguments[0]), textOf(node.arguments[1])];
    const found =
      facts === undefined ? [] : message === undefined ? passedOn(node, facts, level) : [{ level, message, facts }];
    // The text of an error that is not ours may name people: `causeInLog` says what may be said of it.
    const repeats = /\bString\(|\bcause\.(message|stack)/.test(node.getText());
    if (found.length === 0 || repeats) unclear.push(`${path}: ${node.getText()}`);
    lines.push(...found);
  };
  visit(source);
  return { lines, unclear };
};

/** Every line that the engine and the console can write to an injected logger, and calls whose line cannot be read from the code. */
export const logLines = (): Found => {
  const sources = files().filter(
    (path) =>
      ['engine', 'console'].some((folder) => path.startsWith(join('packages', folder, 'src'))) &&
      path.endsWith('.ts') &&
      !path.endsWith('.test.ts') &&
      !path.includes('/testing/') &&
      read(path).includes('logger'),
  );
  const found = sources.map(inFile);
  const byMessage = new Map(found.flatMap(({ lines }) => lines).map((line) => [`${line.level} ${line.message}`, line]));
  return { lines: [...byMessage.values()], unclear: found.flatMap(({ unclear }) => unclear) };
};
