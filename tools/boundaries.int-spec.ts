import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

jest.setTimeout(240_000);
const ROOT = join(__dirname, '..');

interface Text {
  readonly file: string;
  readonly text: string;
}

/** Rules that each text breaks as if it stood in its file. */
function lint(texts: readonly Text[]): string[][] {
  const answer = execFileSync(process.execPath, [join(ROOT, 'tools', 'lint-text.mjs')], {
    cwd: ROOT,
    // A single run, which typescript-eslint assumes in CI, would read the files from disk instead of the texts.
    env: { ...process.env, NX_DAEMON: 'false', TSESTREE_SINGLE_RUN: 'false' },
    input: JSON.stringify(texts),
    encoding: 'utf8',
  });
  return JSON.parse(answer) as string[][];
}

const FOREIGN: readonly (readonly [what: string, file: string, text: string])[] = [
  [
    'domain importing a framework',
    'libs/domain/cost/src/index.ts',
    "import { Module } from '@nestjs/common';\nexport const x = Module;\n",
  ],
  [
    'domain importing another domain',
    'libs/domain/cost/src/index.ts',
    "import * as other from '@telltale/domain-pricing';\nexport const x = other;\n",
  ],
  [
    'domain importing an adapter',
    'libs/domain/cost/src/index.ts',
    "import * as other from '@telltale/adapter-kafka';\nexport const x = other;\n",
  ],
  [
    'contracts importing the streaming runtime',
    'libs/contracts/src/index.ts',
    "import * as other from '@telltale/streaming';\nexport const x = other;\n",
  ],
  [
    'auth importing a domain',
    'libs/auth/src/index.ts',
    "import * as other from '@telltale/domain-privacy';\nexport const x = other;\n",
  ],
  [
    'the client of insights importing its questions',
    'libs/api-client/src/index.ts',
    "import * as other from '@telltale/query';\nexport const x = other;\n",
  ],
  [
    'a second importer of kafkajs',
    'libs/adapters/clickhouse/src/index.ts',
    "import { Kafka } from 'kafkajs';\nexport const x = Kafka;\n",
  ],
  [
    'a second importer of gpt-tokenizer',
    'libs/domain/pricing/src/index.ts',
    "import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';\nexport const x = countTokens;\n",
  ],
  [
    'a second importer of OpenTelemetry',
    'libs/streaming/src/index.ts',
    "import { trace } from '@opentelemetry/api';\nexport const x = trace;\n",
  ],
  [
    'a pipeline importing another',
    'libs/pipelines/costs/src/index.ts',
    "import * as other from '@telltale/pipeline-enrich';\nexport const x = other;\n",
  ],
  [
    'a pipeline importing an adapter',
    'libs/pipelines/costs/src/index.ts',
    "import * as other from '@telltale/adapter-otlp';\nexport const x = other;\n",
  ],
  [
    'an example importing the contracts',
    'examples/alert-consumer/src/alert.ts',
    "import * as other from '@telltale/contracts';\nexport const x = other;\n",
  ],
  [
    'an app importing the store client',
    'apps/scorer/src/app.ts',
    "import { createClient } from '@clickhouse/client';\nexport const x = createClient;\n",
  ],
];
const SHIPPED = [
  "export { benchGateway } from './gateway.bench';",
  "export * from './receivers.fixture';",
  "export { benchEnrich } from '@telltale/pipeline-enrich/bench';",
];
const CANNOT_FAIL = [
  "it('holds of any value', () => expect([1]).toEqual([expect.any(Number)]));",
  "it('has a branch', () => {\n  if (process.pid) expect(1).toBe(1);\n});",
  "it('has a catch', () => {\n  try {\n    JSON.parse('');\n  } catch (error) {\n    expect(error).toBeDefined();\n  }\n});",
  "it.skip('is left out without a reason', () => expect(1).toBe(1));",
  "it('waits for a time', () => expect(setTimeout(() => undefined, 1)).toBeDefined());",
];
const WALL_CLOCK = 'export const now = (): number => Date.now();\n';

// Proves that the arrows are enforced, not only drawn.
describe('module boundaries', () => {
  const broken = new Map<string, readonly string[]>();
  const brokenBy = (text: string): readonly string[] => broken.get(text) ?? [];

  // Without a graph of the projects the rule is skipped in silence.
  beforeAll(() => {
    execFileSync(join(ROOT, 'node_modules', '.bin', 'nx'), ['graph', '--file=.nx/graph.json'], {
      cwd: ROOT,
      env: { ...process.env, NX_DAEMON: 'false' },
      stdio: 'ignore',
    });
    const texts = [
      ...FOREIGN.map(([, file, text]) => ({ file, text })),
      { file: 'apps/gateway/src/index.ts', text: SHIPPED.join('\n') },
      { file: 'libs/kernel/src/parse-json.spec.ts', text: CANNOT_FAIL.join('\n') },
      { file: 'libs/streaming/src/processor/task-processor.ts', text: WALL_CLOCK },
    ];
    const rules = lint(texts);
    texts.forEach(({ text }, i) => broken.set(text, rules[i] ?? []));
  });

  it.each(FOREIGN)('refuses %s', (_, __, text) => {
    expect(brokenBy(text)).toContain('@nx/enforce-module-boundaries');
  });

  it('refuses benches and fixtures in what ships', () => {
    expect(brokenBy(SHIPPED.join('\n')).filter((rule) => rule === 'no-restricted-imports')).toHaveLength(SHIPPED.length);
  });

  it('refuses tests that cannot fail', () => {
    expect(brokenBy(CANNOT_FAIL.join('\n')).filter((rule) => rule === 'no-restricted-syntax')).toHaveLength(CANNOT_FAIL.length);
  });

  it('refuses the wall clock in the core', () => {
    expect(brokenBy(WALL_CLOCK)).toContain('no-restricted-properties');
  });
});
