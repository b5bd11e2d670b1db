import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import prettier from 'eslint-config-prettier';

// Arrows point one way: apps -> platform, adapters, query, pipelines -> domain, streaming -> contracts -> kernel.
const CORE_BANS = [
  '@nestjs/*',
  'kafkajs',
  '@clickhouse/*',
  'lmdb',
  'chdb',
  'chdb/*',
  'pino',
  'prom-client',
  'fastify',
  '@grpc/*',
  'gpt-tokenizer',
  'gpt-tokenizer/*',
  '@opentelemetry/*',
  '@modelcontextprotocol/*',
  'nodemailer',
  'ipaddr.js',
];
const allow = (sourceTag, onlyDependOnLibsWithTags, bannedExternalImports = []) => ({
  sourceTag,
  onlyDependOnLibsWithTags,
  ...(bannedExternalImports.length ? { bannedExternalImports } : {}),
});
const onlyIn = (name, owner) => (owner ? [] : [name]);
const adapterBans = (own) => [
  ...onlyIn('@nestjs/*', false),
  ...onlyIn('kafkajs', own === 'kafka'),
  ...onlyIn('@clickhouse/*', own === 'clickhouse'),
  ...onlyIn('lmdb', own === 'embedded'),
  ...onlyIn('chdb', own === 'clickhouse'),
  ...onlyIn('chdb/*', own === 'clickhouse'),
  ...onlyIn('protobufjs', own === 'otlp'),
  ...onlyIn('gpt-tokenizer', own === 'tokenizer'),
  ...onlyIn('gpt-tokenizer/*', own === 'tokenizer'),
  ...onlyIn('@opentelemetry/*', own === 'otel'),
  ...onlyIn('@modelcontextprotocol/*', own === 'mcp'),
  ...onlyIn('nodemailer', own === 'notify'),
  ...onlyIn('ipaddr.js', own === 'notify'),
];
const EDGE_BANS = [
  'kafkajs',
  '@clickhouse/*',
  'lmdb',
  'chdb',
  'chdb/*',
  'protobufjs',
  'gpt-tokenizer',
  'gpt-tokenizer/*',
  '@opentelemetry/*',
  '@modelcontextprotocol/*',
  'nodemailer',
  'ipaddr.js',
];

const BENEATH_SERVICES = [
  'platform',
  'adapter',
  'auth',
  'settings',
  'query',
  'registry',
  'pipeline',
  'domain',
  'streaming',
  'contracts',
  'kernel',
].map((layer) => `layer:${layer}`);

const CLOCKS = [
  { object: 'Date', property: 'now', message: 'Time is injected: take a Clock.' },
  { object: 'Math', property: 'random', message: 'Randomness is injected, or a hash of the input.' },
];

/** Tests that cannot fail, or may say nothing; in the order: what holds of anything, what may never run, what guesses a time. */
const SILENT_TESTS = [
  ["CallExpression[callee.object.name='expect'][callee.property.name=/^(any|anything)$/]", 'It holds of any value: say what is expected, such as expect.stringMatching(/…/).'],
  ["IfStatement CallExpression[callee.name='expect']", 'An expectation in a branch may never run: make two cases, or put the condition into what is compared.'],
  ["CatchClause CallExpression[callee.name='expect']", 'An expectation in a catch may never run: keep the error and compare it outside, or use toThrow.'],
  ["CallExpression[callee.object.name=/^(it|test|describe)$/][callee.property.name=/^(skip|only|todo)$/]", 'A test is left out by a condition that its title tells: (has ? it : it.skip)(`… (left out: why)`).'],
  ["CallExpression[callee.name='setTimeout']", 'Await a condition (eventually), not a time.'],
].map(([selector, message]) => ({ selector, message })); // prettier-ignore

export default [
  { ignores: ['**/dist', 'node_modules', '.nx', '.telltale', 'docs', '**/*.cjs', '**/*.mjs', 'coverage'] },
  ...tseslint.configs.strict.map((c) => ({ ...c, files: ['**/*.ts', '**/*.tsx'] })),
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@nx': nx },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: ['./tsconfig.json', './apps/console/tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      'no-restricted-properties': ['error', ...CLOCKS],
      'no-restricted-globals': ['error', { name: 'setTimeout', message: 'Waiting is injected: take a Clock.' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allow: [],
          depConstraints: [
            allow('layer:kernel', [], [...CORE_BANS, 'zod', 'protobufjs']),
            allow('layer:contracts', ['layer:kernel'], CORE_BANS),
            allow('layer:streaming', ['layer:contracts', 'layer:kernel'], [...CORE_BANS, 'protobufjs']),
            allow(
              'layer:settings',
              ['platform:config', 'layer:streaming', 'layer:contracts', 'layer:kernel'],
              [...CORE_BANS, 'protobufjs'],
            ),
            allow(
              'layer:auth',
              ['layer:settings', 'layer:streaming', 'layer:contracts', 'layer:kernel'],
              [...CORE_BANS, 'protobufjs'],
            ),
            allow('layer:domain', ['layer:contracts', 'layer:kernel'], [...CORE_BANS, 'protobufjs']),
            allow(
              'layer:pipeline',
              ['layer:domain', 'layer:streaming', 'layer:contracts', 'layer:kernel'],
              [...CORE_BANS, 'protobufjs'],
            ),
            ...['kafka', 'clickhouse', 'embedded', 'otlp', 'crypto', 'tokenizer', 'otel', 'mcp', 'notify'].map((a) =>
              allow(`adapter:${a}`, ['layer:streaming', 'layer:contracts', 'layer:kernel'], adapterBans(a)),
            ),
            allow('platform:config', ['layer:contracts', 'layer:kernel'], ['@nestjs/*', ...EDGE_BANS]),
            allow('platform:telemetry', ['layer:streaming', 'layer:contracts', 'layer:kernel'], ['@nestjs/*', ...EDGE_BANS]),
            allow(
              'platform:nest-runtime',
              [
                'layer:platform',
                'layer:auth',
                'layer:settings',
                'layer:streaming',
                'layer:contracts',
                'layer:kernel',
                'layer:adapter',
              ],
              EDGE_BANS,
            ),
            allow('layer:service', BENEATH_SERVICES, EDGE_BANS),
            allow(
              'layer:registry',
              ['layer:pipeline', 'layer:streaming', 'layer:contracts', 'layer:kernel'],
              [...CORE_BANS, 'protobufjs'],
            ),
            allow(
              'layer:query',
              ['layer:registry', 'layer:settings', 'layer:domain', 'layer:streaming', 'layer:contracts', 'layer:kernel'],
              [...CORE_BANS, 'protobufjs'],
            ),
            allow('layer:api-client', ['layer:kernel'], [...CORE_BANS, 'zod', 'protobufjs']),
            // It runs in browsers.
            allow('layer:console', ['layer:api-client'], [...CORE_BANS, 'zod', 'protobufjs']),
            allow('layer:simulator', ['layer:contracts', 'layer:kernel'], [...CORE_BANS, 'protobufjs']),
            allow('layer:standalone', ['layer:service', ...BENEATH_SERVICES], EDGE_BANS),
            allow(
              'layer:cli',
              ['layer:standalone', 'layer:simulator', 'layer:service', 'layer:api-client', ...BENEATH_SERVICES],
              EDGE_BANS,
            ),
            allow(
              'layer:eval',
              ['layer:cli', 'layer:sdk', 'layer:standalone', 'layer:simulator', ...BENEATH_SERVICES],
              EDGE_BANS,
            ),
            allow(
              'layer:bench',
              [
                'layer:eval',
                'layer:cli',
                'layer:standalone',
                'layer:service',
                'layer:simulator',
                'layer:testkit',
                ...BENEATH_SERVICES,
              ],
              EDGE_BANS,
            ),
            allow(
              'layer:testkit',
              ['layer:simulator', 'layer:streaming', 'layer:contracts', 'layer:kernel', 'layer:adapter', 'layer:domain'],
              ['@nestjs/*'],
            ),
            // People copy it, so it holds nothing of ours.
            allow('layer:example', [], []),
            // It is published by itself, and needs nothing but Node.
            allow('layer:sdk', [], ['*']),
            allow('layer:e2e', ['*'], []),
          ],
        },
      ],
    },
  },
  // Adapters, platform and the edges own real time; everything inside takes a Clock.
  {
    files: [
      'libs/adapters/**/*.ts',
      'libs/platform/**/*.ts',
      'libs/testkit/**/*.ts',
      'apps/bench/**/*.ts',
      'apps/cli/**/*.ts',
      'apps/eval/**/*.ts',
      'apps/e2e/**/*.ts',
      'tools/**/*.ts',
      'sdk/node/src/clock.ts',
      '**/*spec.ts',
      '**/*.contract.ts',
    ],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-globals': 'off' },
  },
  // Tests may reach for the testkit whatever their layer; the boundary rule is for what ships.
  {
    files: ['**/*spec.ts', '**/*.contract.ts', 'tools/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  // What ships holds neither tests nor what they and benchmarks need.
  {
    files: ['**/*.ts'],
    ignores: ['**/*spec.ts', '**/*.contract.ts', '**/*.fixture.ts', '**/*.bench.ts', 'apps/bench/**', 'apps/e2e/**', 'tools/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/*.bench', '**/*.fixture', '**/*spec', '@telltale/*/bench', '@telltale/*/testing'],
              message: 'It is for tests and benchmarks; what ships does not hold it.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*spec.ts', '**/*.contract.ts', '**/*-scenario.ts'],
    rules: { 'no-restricted-syntax': ['error', ...SILENT_TESTS] },
  },
  prettier,
];
