import { timeOf } from '../../format/times';
import { type IncidentAnswer } from './questions';

/** An entry of the timeline as it is shown. */
export interface Shown {
  readonly key: string;
  readonly at: number;
  readonly iso: string;
  readonly kind: string;
  readonly text: string;
  readonly by: string;
  readonly ref: string;
  /** Of a deploy: of what. */
  readonly service: string;
}

/** What happened, in order, with what was deployed near it; what is said twice is there once. */
export function entriesOf({ timeline, deploys }: Pick<IncidentAnswer, 'timeline' | 'deploys'>): Shown[] {
  const known = new Set(timeline.filter(({ kind }) => kind === 'deploy').map(({ ref }) => ref));
  const services = new Map(deploys.map(({ id, service_name: service }) => [id, service]));
  const all = [
    ...timeline.map(({ at, kind, text, by, ref }) => ({ iso: at, kind: String(kind), text, by, ref, service: kind === 'deploy' ? (services.get(ref) ?? '') : '' })),
    ...deploys.filter(({ id }) => !known.has(id)).map(({ at, id, text, service_name: service }) => ({ iso: at, kind: 'deploy', text, by: '', ref: id, service })),
  ];
  const byKey = new Map(all.map((one) => [`${one.iso} ${one.kind} ${one.ref} ${one.text}`, one]));
  return [...byKey].map(([key, one]) => ({ ...one, key, at: timeOf(one.iso) })).sort((a, b) => a.at - b.at);
} // prettier-ignore

/** Kinds that are shown unless all are asked for: what changed, what was decided, what people did. */
const MAIN = new Set([
  'onset',
  'deploy',
  'phase',
  'severity',
  'cause',
  'alert',
  'merged',
  'triage',
  'directive',
  'novelty',
  'recovery',
]);
export const isMain = ({ kind }: Pick<Shown, 'kind'>): boolean => MAIN.has(kind);
