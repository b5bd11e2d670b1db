import { isRecord } from '@telltale/kernel';

const listOf = (value: unknown, ...names: readonly string[]): readonly unknown[] => {
  const list = isRecord(value) ? names.map((name) => value[name]).find((one) => Array.isArray(one)) : undefined;
  return Array.isArray(list) ? list : [];
};

/** Spans and log records of one OTLP request in JSON; 0 for what is no JSON, which the gateway refuses. */
export function itemsIn(body: string): number {
  let request: unknown;
  try {
    request = JSON.parse(body);
  } catch {
    return 0;
  }
  let count = 0;
  for (const resource of listOf(request, 'resourceSpans', 'resource_spans'))
    for (const scope of listOf(resource, 'scopeSpans', 'scope_spans')) count += listOf(scope, 'spans').length;
  for (const resource of listOf(request, 'resourceLogs', 'resource_logs'))
    for (const scope of listOf(resource, 'scopeLogs', 'scope_logs')) count += listOf(scope, 'logRecords', 'log_records').length;
  return count;
}
