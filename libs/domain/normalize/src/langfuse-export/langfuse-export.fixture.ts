import { nativeEvent, type NativeEvent } from '@telltale/contracts';
import { createLangfuseReader, type LangfuseItem } from './read-export';

export const itemsOf = (...values: readonly unknown[]): LangfuseItem[] => {
  const reader = createLangfuseReader({ service: 'imported' });
  return values.flatMap((value) => [...reader.read(value)]);
};

/** The events of values, each held against the contract; a problem is an error. */
export function eventsOf(...values: readonly unknown[]): NativeEvent[] {
  return itemsOf(...values).map((item) => {
    if ('problem' in item) throw new Error(`${item.name}: ${item.problem}`);
    const { error } = nativeEvent.safeParse(item.event);
    if (error) throw error;
    return item.event;
  });
}

export function eventOf(value: unknown): NativeEvent {
  const [event, ...others] = eventsOf(value);
  if (!event || others.length > 0) throw new Error('not one event');
  return event;
}

export const problemsOf = (...values: readonly unknown[]): string[] =>
  itemsOf(...values).flatMap((item) => ('problem' in item ? [`${item.name}: ${item.problem}`] : []));

/** As the public API answers. */
export const observation = (of: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id: 'o1', traceId: 't1', type: 'GENERATION', name: 'answer', startTime: '2026-01-31T12:00:00.000Z', endTime: '2026-01-31T12:00:02.500Z',
  completionStartTime: null, model: 'gpt-4o', modelParameters: {}, input: null, output: null, metadata: {}, level: 'DEFAULT', statusMessage: null,
  parentObservationId: null, promptName: null, promptVersion: null, usageDetails: {}, costDetails: {}, environment: 'default', version: null, ...of,
}); // prettier-ignore

/** As blob storage writes it. */
export const storedObservation = (of: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id: 'o1', trace_id: 't1', project_id: 'p', type: 'GENERATION', name: 'answer', start_time: '2026-01-31 12:00:00.000000', end_time: '2026-01-31 12:00:02.500000',
  completion_start_time: null, provided_model_name: 'gpt-4o', model_parameters: '', input: '', output: '', metadata: {}, level: 'DEFAULT', status_message: '',
  parent_observation_id: '', prompt_name: '', prompt_version: null, usage_details: {}, cost_details: {}, environment: 'default', version: '', user_id: '',
  session_id: '', trace_name: '', tags: [], release: '', total_cost: 0, ...of,
}); // prettier-ignore

export const trace = (of: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id: 't1', timestamp: '2026-01-31T12:00:00.000Z', name: 'support', input: { question: 'Where is my parcel?' }, output: 'On its way.', sessionId: 's1',
  userId: 'mia', release: 'r7', version: '2', tags: ['vip'], metadata: { shop: 'de' }, environment: 'production', public: false, ...of,
}); // prettier-ignore

export const score = (of: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id: 'c1', traceId: 't1', observationId: null, name: 'helpful', value: 0.5, dataType: 'NUMERIC', source: 'EVAL', comment: null,
  timestamp: '2026-01-31T12:05:00.000Z', ...of,
}); // prettier-ignore
