import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..');
/** What tests are made of. Benchmarks are commands of ours: what they use is used. */
const IS_FOR_TESTS = /(?:spec|fixture|contract|-scenario)\.ts$|^(?:libs\/testkit|apps\/e2e)\//;

const files = ['apps', 'libs', 'tools']
  .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
  .filter((file) => /\.tsx?$/.test(file) && !file.includes('node_modules') && !IS_FOR_TESTS.test(file));

/** The half of an encoder whose other half benchmarks use, and what tests over all vocabularies ask of them. */
const KEPT = [
  'encodeLogs in libs/adapters/otlp/src/encode.ts',
  'attributeNamesOf in libs/domain/normalize/src/vocabulary.ts',
  'LANGFUSE_EXPORT_ATTRIBUTES in libs/domain/normalize/src/langfuse-export/attribute-names.ts',
];

/** Names that a file exports where it declares them, and every name it uses, other than to hand it on. */
function namesIn(file: string): { readonly exported: string[]; readonly used: string[] } {
  const exported: string[] = [];
  const used: string[] = [];
  const declared = new Set<ts.Node>();
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const declare = (name: ts.Node | undefined): void => {
    if (!name || !ts.isIdentifier(name)) return;
    declared.add(name);
    exported.push(name.text);
  };
  for (const statement of source.statements) {
    const kinds = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []).map(({ kind }) => kind) : [];
    // What a file exports by default has the name that it is loaded under: pages, by their path.
    if (!kinds.includes(ts.SyntaxKind.ExportKeyword) || kinds.includes(ts.SyntaxKind.DefaultKeyword)) continue;
    if (ts.isVariableStatement(statement)) statement.declarationList.declarations.forEach(({ name }) => declare(name));
    else declare((statement as ts.DeclarationStatement).name);
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isIdentifier(node) && !declared.has(node)) used.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { exported, used };
}

// By name, not by symbol: a name that two files export hides the one that is unused, and what is found is unused for sure.
it('exports nothing that only tests use', () => {
  const all = files.map((file) => ({ file, ...namesIn(file) }));
  const used = new Set(all.flatMap((one) => one.used));
  const unused = all.flatMap(({ file, exported }) =>
    exported.filter((name) => !used.has(name)).map((name) => `${name} in ${file}`),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(unused.sort()).toEqual([...KEPT].sort());
});
