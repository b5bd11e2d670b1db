// Mutation testing of one library: changes its code in many small ways, and says which changes no unit test of that library notices.
//   npm run mutation -- libs/domain/pricing [files...]
import { Stryker } from '@stryker-mutator/core';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [given = '', ...files] = process.argv.slice(2);
const lib = given.replace(/\/+$/, '');
if (!/^libs\/[\w/-]+$/.test(lib) || !existsSync(join(root, lib, 'project.json'))) {
  console.error('which library is not clear\n  → name one: npm run mutation -- libs/domain/pricing');
  process.exit(2);
}

process.chdir(root);
// Property tests take the cases of CI, so that a second run comes to the same result.
process.env.CI = 'true';
process.env.TELLTALE_DATA ??= join(root, '..', 'shared', 'data');
const jest = createRequire(import.meta.url)('../jest.config.cjs');
const { displayName, rootDir, ...unit } = jest.projects.find((project) => project.displayName === 'unit');

const stryker = new Stryker({
  mutate: [
    ...(files.length > 0 ? files : [`${lib}/src/**/*.ts`]),
    `!${lib}/**/*.{spec,int-spec,kafka-spec,contract,fixture,bench}.ts`,
    `!${lib}/**/{index,testing,testing/*}.ts`,
  ],
  testRunner: 'jest',
  // The jest of this repository's `unit` tests, those of the library only.
  jest: { projectType: 'custom', config: { ...unit, testMatch: [`**/${lib}/**/*.spec.ts`] }, enableFindRelatedTests: true },
  coverageAnalysis: 'perTest',
  // What runs once, when a file is loaded, would need a run of all tests in a new process for each change.
  ignoreStatic: true,
  concurrency: 1,
  timeoutMS: 10_000,
  tempDirName: 'dist/mutation',
  ignorePatterns: ['dist', '.nx', '.telltale', 'docs', 'helm', 'coverage'],
  reporters: ['progress-append-only', 'clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  jsonReporter: { fileName: `dist/mutation-${basename(lib)}.json` },
  allowConsoleColors: false,
  logLevel: 'warn',
  warnings: { slow: false },
});
const results = await stryker.runMutationTest();
// These count as noticed: a change that never ends does, but a test that a busy machine slows down does too.
for (const { fileName, location, replacement } of results.filter(({ status }) => status === 'Timeout'))
  console.log(`given up: ${relative(root, fileName)}:${location.start.line} as ${replacement}`);
