import ts from 'typescript';
import { files, read } from './tree.js';

export type ErrorSentence = { readonly code: string; readonly says: string };

/** Where a function that makes an error has its code and its sentence: at an argument, or always the same. */
type Maker = { readonly code: string | number; readonly says: number };

const sources = (folder: string): ReadonlyArray<ts.SourceFile> =>
  files()
    .filter((path) => path.startsWith(`packages/${folder}/src/`) && path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true));

const visit = (node: ts.Node, look: (node: ts.Node) => void): void => {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
};

const ended = (text: string): string => `${text.trim().replace(/[.\s]+$/, '')}.`;

/** A text as a reader sees it, with `…` for what is known only when it happens; none where all of it is. */
const textOf = (node: ts.Expression): ReadonlyArray<string> => {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')];
  if (ts.isConditionalExpression(node)) return [...textOf(node.whenTrue), ...textOf(node.whenFalse)];
  if (ts.isCallExpression(node) && node.expression.getText() === 'sentences') {
    const parts = node.arguments.flatMap((part) => textOf(part));
    return parts.length === 0 ? [] : [parts.map(ended).join(' ')];
  }
  return [];
};

type Call = ts.CallExpression | ts.NewExpression;

const isCall = (node: ts.Node): node is Call => ts.isCallExpression(node) || ts.isNewExpression(node);

/** `const name = (…, message) => new DirectorySyncError(code, message)`: calls of it make errors, too. */
const makerOf = (call: Call, { code, says }: Maker): readonly [string, Maker] | undefined => {
  const given = call.arguments?.[says];
  if (given === undefined || !ts.isIdentifier(given)) return undefined;
  const around = ts.findAncestor(
    call,
    (node) => ts.isArrowFunction(node) && node.parameters.some(({ name }) => name.getText() === given.text),
  );
  if (around === undefined || !ts.isArrowFunction(around) || !ts.isVariableDeclaration(around.parent)) return undefined;
  const at = (wanted: ts.Expression | undefined): number =>
    around.parameters.findIndex(({ name }) => name.getText() === wanted?.getText());
  const codeGiven = typeof code === 'string' ? undefined : call.arguments?.[code];
  const fixed = codeGiven === undefined ? String(code) : ts.isStringLiteralLike(codeGiven) ? codeGiven.text : undefined;
  return [around.parent.name.getText(), { code: fixed ?? at(codeGiven), says: at(given) }];
};

const sentencesOf = (call: Call, { code, says }: Maker): ReadonlyArray<ErrorSentence> => {
  const codeGiven = typeof code === 'string' ? undefined : call.arguments?.[code];
  const name = typeof code === 'string' ? code : codeGiven !== undefined && textOf(codeGiven)[0];
  const given = call.arguments?.[says];
  return name === false || name === undefined || given === undefined
    ? []
    : textOf(given).map((text) => ({ code: name, says: text.replace(/\s+/g, ' ') }));
};

/**
 * What the sources of a package say where they make an error, by their syntax alone: every call of the class, and of the
 * functions of the same file that hand a sentence on to it.
 */
export const errorSentences = (folder: string, className: string, at: Maker): ReadonlyArray<ErrorSentence> =>
  sources(folder).flatMap((source) => {
    const makers = new Map<string, Maker>([[className, at]]);
    const found: ErrorSentence[] = [];
    const look = (node: ts.Node): void => {
      const maker = isCall(node) ? makers.get(node.expression.getText()) : undefined;
      if (maker === undefined || !isCall(node)) return;
      const [name, made] = makerOf(node, maker) ?? [];
      if (name !== undefined && made !== undefined) makers.set(name, made);
      found.push(...sentencesOf(node, maker));
    };
    const makersBefore = (): number => makers.size;
    for (let known = 0; known !== makersBefore();) {
      known = makersBefore();
      found.length = 0;
      visit(source, look);
    }
    return found;
  });
