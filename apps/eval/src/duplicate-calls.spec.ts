import { mergeDuplicateCalls, normalizeSpan } from '@telltale/domain-normalize';
import { DUPLICATE_OF } from '@telltale/contracts';
import { testData } from '@telltale/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type StoredSpan, tracesIn } from './stored-spans';

const { path, itData, leftOut } = testData('spans', 'langfuse-framework-traces');

const draftsOf = ({ span, scope, resource }: StoredSpan) => {
  const result = normalizeSpan(span, { resource, scope: { name: scope, version: '', attributes: {} } }, { tenant: 'acme', receivedAt: 0 });
  return result.ok ? result.value : [];
}; // prettier-ignore

itData(
  `of real traces the calls that an agent's instrumentation and its client's both report are one, and no others${leftOut}`,
  () => {
    const merged: Record<string, readonly string[]> = {};
    for (const file of readdirSync(path).filter((name) => name.endsWith('.trace.json'))) {
    const drafts = tracesIn(JSON.parse(readFileSync(join(path, file), 'utf8')), file, path).flatMap(({ spans }) => spans.flatMap(draftsOf)); // prettier-ignore
    mergeDuplicateCalls(drafts);
    const duplicates = drafts.filter(({ content }) => DUPLICATE_OF in content.attributes);
    if (duplicates.length > 0) merged[file] = duplicates.map(({ event, content }) => `${String(content.attributes['otel.scope.name'])}: ${event.name}`);
  } // prettier-ignore
    const report = 'openinference.instrumentation.agno: OpenAIChat.invoke';
    expect(merged).toEqual({ 'agno-2025-06-11.trace.json': [report, report] });
  },
);
