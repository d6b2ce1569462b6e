import ts from 'typescript';
import { declarationsOf, exportsOf } from './declarations.js';
import { packages } from './tree.js';

/** What can be imported from one path: each name with its signature, without comments, bodies and private parts. */
export type Face = { readonly specifier: string; readonly names: ReadonlyMap<string, string> };

const printer = ts.createPrinter({ removeComments: true });
const { factory } = ts;

const print = (node: ts.Node): string => printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());

const signatureOf = (node: ts.SignatureDeclaration): string => {
  const types = node.typeParameters === undefined ? '' : `<${node.typeParameters.map(print).join(', ')}>`;
  const returned = node.type === undefined ? 'inferred' : print(node.type);
  return `${types}(${node.parameters.map(print).join(', ')}): ${returned}`;
};

const variableIn = (statement: ts.VariableStatement, name: string): string => {
  const found = statement.declarationList.declarations.find((one) => one.name.getText() === name);
  const { type, initializer } = found ?? {};
  if (type !== undefined) return `const ${name}: ${print(type)};`;
  if (initializer === undefined) return `const ${name};`;
  return ts.isArrowFunction(initializer)
    ? `function ${name}${signatureOf(initializer)};`
    : `const ${name} = ${print(initializer)};`;
};

const memberOf = (member: ts.ClassElement): ReadonlyArray<string> => {
  const isHidden =
    ts.canHaveModifiers(member) &&
    (ts.getModifiers(member) ?? []).some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
  if (isHidden) return [];
  if (ts.isConstructorDeclaration(member)) return [`constructor(${member.parameters.map(print).join(', ')});`];
  if (ts.isMethodDeclaration(member)) return [`${member.name.getText()}${signatureOf(member)};`];
  return [print(member)];
};

const classOf = (statement: ts.ClassDeclaration): string => {
  const above = (statement.heritageClauses ?? []).map((clause) => ` ${print(clause)}`).join('');
  const members = statement.members.flatMap(memberOf).map((line) => `    ${line}\n`);
  return `class ${statement.name?.text ?? ''}${above} {\n${members.join('')}}`;
};

const declared = (statement: ts.Statement, name: string): string => {
  if (ts.isVariableStatement(statement)) return variableIn(statement, name);
  if (ts.isFunctionDeclaration(statement)) return `function ${name}${signatureOf(statement)};`;
  if (ts.isClassDeclaration(statement)) return classOf(statement);
  if (ts.isTypeAliasDeclaration(statement))
    return print(
      factory.updateTypeAliasDeclaration(statement, [], statement.name, statement.typeParameters, statement.type),
    );
  if (ts.isInterfaceDeclaration(statement)) {
    const { typeParameters, heritageClauses, members } = statement;
    return print(
      factory.updateInterfaceDeclaration(statement, [], statement.name, typeParameters, heritageClauses, members),
    );
  }
  return print(statement);
};

const namesOf = (source: string): ReadonlyMap<string, string> =>
  new Map(
    [...exportsOf(source)]
      .sort((a, b) => (a < b ? -1 : 1))
      .map((name) => [
        name,
        declarationsOf(source, name)
          .map((statement) => declared(statement, name))
          .join('\n'),
      ]),
  );

/** Every path of the packages that a host imports. */
export const faces = (): ReadonlyArray<Face> =>
  packages()
    .filter(({ folder }) => folder === 'engine' || folder === 'console')
    .sort((a, b) => b.folder.localeCompare(a.folder))
    .flatMap(({ folder, json }) =>
      Object.entries(json.exports ?? {}).map(([path, targets]) => ({
        specifier: path === '.' ? json.name : `${json.name}/${path.slice(2)}`,
        names: namesOf(`packages/${folder}/${(targets['directory-sync-source'] ?? '').slice(2)}`),
      })),
    );

const FENCE = '```';

/** The page that shows them. */
export const pageOf = (all: ReadonlyArray<Face>): string =>
  [
    '# What can be imported',
    'Every name of the packages that a host imports, with its signature, as the code has it: made from the code by `UPDATE_DOCS=1 npx vitest run test/repository/api.test.ts`, and compared with it by that test, which says what was added, removed or changed. What a name means stands beside it in the code, and in the editor. Whatever is not here cannot be imported.',
    ...all.map(
      ({ specifier, names }) => `## \`${specifier}\`\n\n${FENCE}text\n${[...names.values()].join('\n\n')}\n${FENCE}`,
    ),
  ].join('\n\n') + '\n';

/** The same, read back from the page. */
export const facesIn = (page: string): ReadonlyArray<Face> =>
  [...page.matchAll(/^## `(.*)`\n\n```text\n([\s\S]*?)\n```$/gm)].map(([, specifier = '', text = '']) => ({
    specifier,
    names: new Map(
      text
        .split(/\n\n(?=\S)/)
        .map((one) => [/^(?:type|interface|class|function|const) (\w+)/.exec(one)?.[1] ?? one, one]),
    ),
  }));
