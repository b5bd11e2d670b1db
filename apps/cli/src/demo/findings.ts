import { type Anomaly, type Directive, type Incident } from '@telltale/api-client';
import { type Client } from '../client/http-client';

export interface Findings {
  readonly anomalies: readonly Anomaly[];
  readonly incidents: readonly Incident[];
  readonly directives: readonly Directive[];
  readonly dlq: number;
}

export async function readFindings(client: Client): Promise<Findings> {
  const [anomalies, incidents, directives, dlq] = await Promise.all([
    client.api.listAnomalies({ limit: 1_000 }),
    client.api.listIncidents({ limit: 1_000 }),
    client.api.listDirectives({ limit: 1_000 }),
    client.api.listDeadLetters({ limit: 1 }),
  ]);
  return {
    anomalies: anomalies.anomalies,
    incidents: incidents.incidents,
    directives: directives.directives,
    dlq: dlq.total,
  };
}

export const isRaised = ({ state }: Directive): boolean => state === 'raised' || state === 'extended';
export const isOver = ({ state }: Directive): boolean => state === 'expired';

/** `support-bot tool search_orders`, from the target's JSON. */
export function nameOf(target: string): string {
  const values = Object.values(JSON.parse(target) as Record<string, string>);
  return values.length > 0 ? values.join(' ') : 'everything';
}

const time = (iso: string): string => iso.slice(11, 19);

/** What is new since the last look, as lines for people; each thing is reported once a state. */
export function createTeller(tell: (line: string) => void, withBackfill: boolean): (findings: Findings) => void {
  const reported = new Set<string>();
  const once = (key: string, line: () => string): void => {
    if (reported.has(key)) return;
    reported.add(key);
    tell(line());
  };
  return ({ anomalies, incidents, directives, dlq }) => {
    for (const { id, state, backfill, summary, started_at: at } of [...anomalies].reverse()) {
      if (backfill && !withBackfill) continue;
      once(`a${id}`, () => `  ▲ ${time(at)}  anomaly    ${summary}`);
      if (state === 'closed' && !backfill)
        once(`a${id}closed`, () => `  ▽           back to normal: ${summary.split(',')[0] ?? ''}`);
    }
    for (const { id, state, title, opened_at: at, backfill } of [...incidents].reverse()) {
      if (backfill && !withBackfill) continue;
      once(`i${id}`, () => `  ■ ${time(at)}  incident   ${title}`);
      if (state === 'closed' && !backfill) once(`i${id}closed`, () => `  □           incident over: ${title}`);
    }
    for (const directive of directives) {
      once(
        `d${directive.id}`,
        () => `  ↑           directive  ${directive.class} ${directive.set} for ${nameOf(directive.target)}, until it expires`,
      );
      if (isOver(directive))
        once(`d${directive.id}over`, () => `  ↓           directive  expired by itself, detail is back to normal`);
    }
    if (dlq > 0) once('dlq', () => `  ✗           DLQ        the first input that cannot be taken is put aside, with its reason`);
  };
}
