import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

jest.setTimeout(240_000);
const ROOT = join(__dirname, '..');

/** Rules that `text` breaks as if it stood in `file`. */
function lint(file: string, text: string): string[] {
  // A single run, which typescript-eslint assumes in CI, would read the file from disk instead of the text.
  const answer = execFileSync(process.execPath, [join(ROOT, 'tools', 'lint-text.mjs'), file], {
    cwd: ROOT,
    env: { ...process.env, NX_DAEMON: 'false', TSESTREE_SINGLE_RUN: 'false', TEXT: text },
    encoding: 'utf8',
  });
  return JSON.parse(answer) as string[];
}

// Proves that the arrows are enforced, not only drawn.
describe('module boundaries', () => {
  // Without a graph of the projects the rule is skipped in silence.
  beforeAll(() => {
    execFileSync(join(ROOT, 'node_modules', '.bin', 'nx'), ['graph', '--file=.nx/graph.json'], {
      cwd: ROOT,
      env: { ...process.env, NX_DAEMON: 'false' },
      stdio: 'ignore',
    });
  });

  it.each([
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
  ])('refuses %s', (_, file, text) => {
    expect(lint(file, text)).toContain('@nx/enforce-module-boundaries');
  });

  it('refuses benches and fixtures in what ships', () => {
    const text = [
      "export { benchGateway } from './gateway.bench';",
      "export * from './receivers.fixture';",
      "export { benchEnrich } from '@telltale/pipeline-enrich/bench';",
    ];
    const broken = lint('apps/gateway/src/index.ts', text.join('\n'));
    expect(broken.filter((rule) => rule === 'no-restricted-imports')).toHaveLength(text.length);
  });

  it('refuses tests that cannot fail', () => {
    const text = [
      "it('holds of any value', () => expect([1]).toEqual([expect.any(Number)]));",
      "it('has a branch', () => {\n  if (process.pid) expect(1).toBe(1);\n});",
      "it('has a catch', () => {\n  try {\n    JSON.parse('');\n  } catch (error) {\n    expect(error).toBeDefined();\n  }\n});",
      "it.skip('is left out without a reason', () => expect(1).toBe(1));",
      "it('waits for a time', () => expect(setTimeout(() => undefined, 1)).toBeDefined());",
    ];
    const broken = lint('libs/kernel/src/parse-json.spec.ts', text.join('\n'));
    expect(broken.filter((rule) => rule === 'no-restricted-syntax')).toHaveLength(text.length);
  });

  it('refuses the wall clock in the core', () => {
    expect(lint('libs/streaming/src/processor/task-processor.ts', 'export const now = (): number => Date.now();\n')).toContain(
      'no-restricted-properties',
    );
  });
});
