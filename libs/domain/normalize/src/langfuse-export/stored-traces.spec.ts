import { nativeEvent, type NativeEvent } from '@telltale/contracts';
import { isRecord } from '@telltale/kernel';
import { testData } from '@telltale/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { normalizeNative } from '../native-event';
import { createLangfuseReader } from './read-export';

const { path: folder, describeData, leftOut } = testData('spans', 'langfuse-framework-traces');

interface Stored {
  readonly id: string;
  readonly type: string;
  readonly model: string | null;
  readonly usageDetails: Readonly<Record<string, number>>;
  readonly startTime: string;
  readonly endTime: string | null;
}

const KINDS: Readonly<Record<string, string>> = { GENERATION: 'llm', TOOL: 'tool', AGENT: 'agent' };

describeData(`traces as Langfuse exports them from its UI${leftOut}`, () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.trace.json'));

  it.each(files)('%s: kinds, models, tokens and times are those that are stored', (file) => {
    const json = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { trace: Record<string, unknown>; observations: Stored[] };
    const items = [...createLangfuseReader({ service: 'bot' }).read(json)];
    const events = items.map((item): NativeEvent => {
      if ('problem' in item) throw new Error(`${item.name}: ${item.problem}`);
      return item.event;
    });
    for (const event of events) expect(nativeEvent.safeParse(event).error?.issues).toBeUndefined();
    const scores = ['scores', 'corrections'].flatMap((name) => (Array.isArray(json.trace[name]) ? (json.trace[name] as unknown[]) : []));
    expect(events).toHaveLength(1 + json.observations.length + scores.length);
    expect(events.filter(({ kind }) => kind === 'turn')).toHaveLength(1);

    const bySpan = new Map(events.flatMap((event) => (event.span_id ? [[event.span_id, event] as const] : [])));
    for (const stored of json.observations) {
      const event = bySpan.get(stored.id);
      if (!event) throw new Error(`no event of ${stored.id}`);
      const read = normalizeNative(event, { tenant: 'acme', receivedAt: 0 });
      const draft = read.ok ? read.value[0] : undefined;
      if (!draft) throw new Error('not a native event');
      const expected = KINDS[stored.type];
      if (expected) expect({ id: stored.id, kind: event.kind }).toEqual({ id: stored.id, kind: expected });
      expect(Date.parse(String(event.ts))).toBe(Date.parse(stored.startTime));
      if (stored.endTime) expect(event.duration_ms).toBe(Date.parse(stored.endTime) - Date.parse(stored.startTime));
      if (stored.model) expect([event.request_model, event.response_model]).toContain(stored.model);
      if (event.kind !== 'llm') continue;
      const { usage_input_uncached: uncached, usage_cache_read: cached, usage_cache_write: written, usage_input_audio: audio } = draft.event;
      const sum = (...counts: (number | null)[]): number => counts.reduce<number>((all, one) => all + (one ?? 0), 0);
      const { input = 0, output = 0, input_cache_read: cacheRead = 0, output_reasoning: reasoning = 0 } = stored.usageDetails;
      if (stored.usageDetails['input'] !== undefined) expect(sum(uncached, cached, written, audio)).toBe(input + cacheRead);
      if (stored.usageDetails['output'] !== undefined) expect(sum(draft.event.usage_output, draft.event.usage_reasoning)).toBe(output + reasoning); // prettier-ignore
    }
  });

  it('says nothing twice: what a span told of its messages is not kept as attributes beside them', () => {
    const sizes = files.map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const events = [...createLangfuseReader({ service: 'bot' }).read(JSON.parse(text))];
      return { file, ratio: JSON.stringify(events).length / JSON.stringify(JSON.parse(text)).length };
    });
    expect(sizes.filter(({ ratio }) => ratio > 1)).toEqual([]);
    expect(isRecord(sizes[0])).toBe(true);
  });
});
