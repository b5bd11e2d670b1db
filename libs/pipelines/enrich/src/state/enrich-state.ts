import { FLUSH_EVERY_MS, type PackedBatch } from '@telltale/domain-metrics';
import {
  allOf,
  type BatchState,
  createEventClock,
  createHeldBatches,
  type EventClock,
  type HeldBatches,
  createDailyLimiter,
  type DailyLimiter,
} from '@telltale/streaming';
import { type EnrichOptions } from '../options';
import { createDedupeWindow, type DedupeWindow } from './dedupe-window';
import { createKnownTenants, type KnownTenants } from './known-tenants';
import { createOperationCallers, type OperationCallers } from './operation-callers';
import { createPseudonymRegistry, type PseudonymRegistry } from './pseudonym-registry';
import { createSessionPrompts, type SessionPrompts } from './session-prompts';
import { createSessionSubjects, createTurnSubjects, type TurnSubjects } from './turn-subjects';
import { createTemplateState, type TemplateState } from './template-state';

const MAX_IDS = 4_000_000;
const MAX_SERIES_PER_TENANT = 10_000;
const MAX_NAMES_PER_FIELD = 1_000;
const MAX_TEMPLATES = 10_000;

/** All that a task of the enricher remembers. */
export interface EnrichState extends BatchState {
  /** Measures that are to go out. */
  readonly held: HeldBatches<PackedBatch>;
  readonly ids: DedupeWindow;
  readonly series: DailyLimiter;
  /** Names of operations, tools, models and the like, by tenant and field. */
  readonly names: DailyLimiter;
  /** Which operations several services of a tenant call. */
  readonly callers: OperationCallers;
  readonly templates: TemplateState;
  readonly tenants: KnownTenants;
  /** The last prompts of sessions of coding agents that name no prompt in what they report. */
  readonly prompts: SessionPrompts;
  /** The people that turns are about. */
  readonly subjects: TurnSubjects;
  /** The people that sessions are about. */
  readonly sessionSubjects: TurnSubjects;
  readonly watermark: EventClock;
  /** Null where pseudonyms cannot be turned back. */
  readonly pseudonyms: PseudonymRegistry | null;
}

export function createEnrichState(options: EnrichOptions, restored: ReadonlyMap<string, Buffer>): EnrichState {
  const templates = createTemplateState(restored, options.maxTemplates ?? MAX_TEMPLATES);
  const parts = {
    watermark: createEventClock(restored),
    held: createHeldBatches<PackedBatch>(restored, FLUSH_EVERY_MS),
    ids: createDedupeWindow(restored, options.maxIds ?? MAX_IDS),
    series: createDailyLimiter('series/', restored, options.maxSeriesPerTenant ?? MAX_SERIES_PER_TENANT),
    names: createDailyLimiter('name/', restored, options.maxNamesPerField ?? MAX_NAMES_PER_FIELD),
    callers: createOperationCallers(restored),
    // Before what it makes forget.
    tenants: createKnownTenants(restored, templates.forget, options.maxTenants),
    templates,
    prompts: createSessionPrompts(restored),
    subjects: createTurnSubjects(restored),
    sessionSubjects: createSessionSubjects(restored),
  };
  const pseudonyms = options.subjectKeys ? createPseudonymRegistry(options.subjectKeys) : null;
  return { ...parts, pseudonyms, ...allOf(...Object.values(parts), ...(pseudonyms ? [pseudonyms] : [])) };
}
