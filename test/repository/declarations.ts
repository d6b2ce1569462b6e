import { dirname, join } from 'node:path';
import ts from 'typescript';
import { packages, read } from './tree.js';

// By syntax alone: a program with every type takes as long as many tests together.
const parsed = new Map<string, ts.SourceFile>();
const sourceOf = (path: string): ts.SourceFile => {
  const known = parsed.get(path);
  if (known !== undefined) return known;
  const made = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);
  parsed.set(path, made);
  return made;
};

const ours = new Map(packages().map((one) => [one.json.name, one]));

/** The file that a module specifier of ours leads to. */
const fileOf = (from: string, specifier: string): string | undefined => {
  if (specifier.startsWith('.')) return join(dirname(from), specifier.replace(/\.js$/, '.ts'));
  const [scope = '', name = '', ...rest] = specifier.split('/');
  const one = ours.get(`${scope}/${name}`);
  const source = one?.json.exports?.[rest.length === 0 ? '.' : `./${rest.join('/')}`]?.['directory-sync-source'];
  return one === undefined || source === undefined ? undefined : join('packages', one.folder, source);
};

type Named = { readonly name: string; readonly original: string; readonly from: string | undefined };

const specifierOf = (statement: ts.ExportDeclaration | ts.ImportDeclaration): string | undefined =>
  statement.moduleSpecifier !== undefined && ts.isStringLiteral(statement.moduleSpecifier)
    ? statement.moduleSpecifier.text
    : undefined;

const passedOn = (source: ts.SourceFile): ReadonlyArray<Named> =>
  source.statements.flatMap((statement) => {
    const listed = ts.isExportDeclaration(statement)
      ? statement.exportClause
      : ts.isImportDeclaration(statement)
        ? statement.importClause?.namedBindings
        : undefined;
    if (listed === undefined || !(ts.isNamedExports(listed) || ts.isNamedImports(listed))) return [];
    const from = specifierOf(statement as ts.ExportDeclaration | ts.ImportDeclaration);
    return [...listed.elements].map(({ name, propertyName }) => ({
      name: name.text,
      original: (propertyName ?? name).text,
      from,
    }));
  });

const declares = (statement: ts.Statement, name: string): boolean =>
  ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.some((one) => one.name.getText() === name)
    : (ts.isTypeAliasDeclaration(statement) ||
        ts.isInterfaceDeclaration(statement) ||
        ts.isClassDeclaration(statement) ||
        ts.isFunctionDeclaration(statement)) &&
      statement.name?.text === name;

/** Where a name that a file exports or uses is declared, through whatever passes it on. */
export const declarationsOf = (path: string, name: string): ReadonlyArray<ts.Statement> => {
  const source = sourceOf(path);
  const here = source.statements.filter((statement) => declares(statement, name));
  if (here.length > 0) return here;
  const through = passedOn(source).find((each) => each.name === name && each.from !== undefined);
  const file = through?.from === undefined ? undefined : fileOf(path, through.from);
  return through === undefined || file === undefined ? [] : declarationsOf(file, through.original);
};

/** Every name that a file exports. */
export const exportsOf = (path: string): ReadonlyArray<string> => {
  const source = sourceOf(path);
  const listed = source.statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) &&
    statement.exportClause !== undefined &&
    ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name }) => name.text)
      : [],
  );
  const declared = source.statements.flatMap((statement) => {
    const isExported =
      ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map((one) => one.name.getText());
    return 'name' in statement ? [(statement.name as ts.Identifier).text] : [];
  });
  return [...listed, ...declared];
};

const literalsIn = (type: ts.TypeNode): ReadonlyArray<ts.TypeElement> => {
  if (ts.isTypeLiteralNode(type)) return [...type.members];
  return ts.isIntersectionTypeNode(type) ? type.types.flatMap(literalsIn) : [];
};

/** The members that a type or an interface writes out itself. */
export const membersOf = (statement: ts.Statement): ReadonlyArray<ts.TypeElement> => {
  if (ts.isInterfaceDeclaration(statement)) return [...statement.members];
  return ts.isTypeAliasDeclaration(statement) ? literalsIn(statement.type) : [];
};

export const isTold = (node: ts.Node): boolean => ts.getJSDocCommentsAndTags(node).length > 0;
