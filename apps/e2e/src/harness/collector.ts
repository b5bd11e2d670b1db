import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './python-sdk';

/** An OpenTelemetry Collector; how to build one is said in clients/collector-builder.yaml. */
export const COLLECTOR = process.env['TELLTALE_COLLECTOR'] ?? join(ROOT, 'tmp', 'otelcol', 'otelcol');

/** Describes what needs that Collector; left out where none is built. */
export function describeWithCollector(title: string, tests: () => void): void {
  const has = existsSync(COLLECTOR);
  const why = `no collector at ${COLLECTOR}; collector-builder.yaml says how to build one, or set TELLTALE_COLLECTOR`;
  (has ? describe : describe.skip)(has ? title : `${title} (left out: ${why})`, tests);
}
