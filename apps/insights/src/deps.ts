import { type KeyRates, type KeyStore } from '@telltale/auth';
import { type Broker, type Logger, type Metrics, type RowStore, type Tracer } from '@telltale/streaming';
import { type Clock } from '@telltale/kernel';
import { type Settings } from '@telltale/settings';
import { type Questions } from './questions/questions';

/** What the controllers need; by token, for nothing is injected by type. */
export const INSIGHTS = Symbol('insights');

export interface InsightsDeps {
  readonly broker: Broker;
  readonly rows: RowStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Takes a trace of each question; null: traces are off. */
  readonly tracer: Tracer | null;
  readonly keys: KeyStore;
  readonly rates: KeyRates;
  readonly settings: Settings;
  /** False anomalies a day of a tenant that has not set its own, as the scorer has it. */
  readonly falsePositivesPerDay?: number;
  /** Of web pages that may use the MCP server, beside those of this machine. */
  readonly mcpOrigins?: readonly string[];
  /** Aborts when the process begins to stop; ends live tails. */
  readonly stopping: AbortSignal;
  /** The way to rows on behalf of people. */
  readonly questions: Questions;
}

/** What the module is given; the rest it makes itself. */
export type InsightsParts = Omit<InsightsDeps, 'questions'>;
