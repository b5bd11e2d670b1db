import {
  createReplace,
  createRedactionCounts,
  keepsContent,
  keepsDetails,
  MASK,
  modeOfAttribute,
  type PrivacyPolicy,
  type Pseudonyms,
  redactField,
  redactIdentifier,
  redactName,
  redactStack,
  redactText,
  type RedactionCounts,
} from '@telltale/domain-privacy';
import { type EventDraft } from '@telltale/domain-normalize';
import { adding, ok } from '@telltale/streaming';
import { type PseudonymRegistry } from '../state/pseudonym-registry';
import { type EnrichStep, type Normalized, type Redacted, type SubjectsKnown, type UsageKnown } from '../types';

/** How a tenant wants it, and the key of its pseudonyms. */
export interface PrivacyOptions {
  readonly pseudonymKeyOf: (tenant: string) => Uint8Array;
  readonly policyOf?: (tenant: string) => PrivacyPolicy;
  /** Takes what pseudonyms stand for, where tenants want pseudonyms. */
  readonly registry?: Pick<PseudonymRegistry, 'add'>;
}

/** Where content is dropped, attributes that carry it are, too. */
function redactMap(
  map: Readonly<Record<string, unknown>>,
  policy: PrivacyPolicy,
  tally: RedactionCounts,
): Record<string, string> {
  const masked: Record<string, string> = {};
  for (const key of Object.keys(map)) {
    const value = map[key];
    const mode = modeOfAttribute(key, value);
    if (mode === 'prose' && !keepsContent(policy)) continue;
    masked[redactName(key, tally)] = redactField(key, value, tally, mode);
  }
  return masked;
}

/** Free text: messages, arguments, results, log lines. */
function redactContent({ event, content }: EventDraft, policy: PrivacyPolicy, tally: RedactionCounts): void {
  if (!keepsContent(policy)) {
    event.input = event.output = event.tool_arguments = event.tool_result = event.body = '';
    return;
  }
  const value = (said: unknown): string => (said === '' ? '' : redactField('', said, tally, 'prose'));
  event.input = value(content.input);
  event.output = value(content.output);
  event.tool_arguments = value(content.tool_arguments);
  event.tool_result = value(content.tool_result);
  event.body = value(content.body);
}

/** What describes an event: errors, reasons, attributes. */
function redactDetails({ event, content }: EventDraft, policy: PrivacyPolicy, tally: RedactionCounts): void {
  if (!keepsDetails(policy)) {
    event.error_message = event.error_stack = event.decision_reason = event.decision_chosen = event.score_label = '';
    event.decision_options = [];
    event.attributes = {};
    event.feature_flags = {};
    return;
  }
  const prose = (said: string): string => (said === '' ? said : redactText(said, tally, 'prose'));
  event.error_message = prose(event.error_message);
  event.error_stack = redactStack(event.error_stack, tally);
  event.decision_chosen = prose(event.decision_chosen);
  event.decision_reason = prose(event.decision_reason);
  event.score_label = prose(event.score_label);
  if (event.decision_options.length > 0) event.decision_options = event.decision_options.map(prose);
  event.attributes = redactMap(content.attributes, policy, tally);
  event.feature_flags = redactMap(content.feature_flags, policy, tally);
}

/**
 * Masks everything a producer wrote, and makes text of what is not; the user becomes a pseudonym. Fields are written out one by one: a
 * loop over their names costs as much as the masking. A test plants an address in every one of them.
 */
export function createRedactStep(
  pseudonyms: Pseudonyms,
  { pseudonymKeyOf, policyOf, registry }: PrivacyOptions,
): EnrichStep<Normalized & UsageKnown & SubjectsKnown, Redacted> {
  return function redact(item, { effects }) {
    const { draft, subjects } = item;
    const { event } = draft;
    const policy = policyOf?.(event.tenant) ?? MASK;
    const isPseudonymized = policy.mode === 'pseudonymize';
    const recordPseudonym = (pseudonym: string, value: string): string => {
      if (isPseudonymized) registry?.add(event.tenant, event.user_id, pseudonym, value, event.expires_on);
      return pseudonym;
    };
    if (event.user_id !== '') event.user_id = subjects.add(event.user_id);
    if (isPseudonymized)
      subjects.forEach((id, pseudonym) => registry?.add(event.tenant, pseudonym, pseudonym, id, event.expires_on));
    const tally = createRedactionCounts({
      kept: policy.kept,
      replace: isPseudonymized ? createReplace(pseudonymKeyOf(event.tenant), recordPseudonym) : undefined,
      subjects,
    });
    const pseudonymOf = (id: string): string => recordPseudonym(pseudonyms.of(event.tenant, id), id);
    const text = (said: string): string => (said === '' ? said : redactText(said, tally));
    const name = (said: string): string => (said === '' ? said : redactName(said, tally));
    const id = (said: string): string => (said === '' ? said : redactIdentifier(said, tally, pseudonymOf));

    event.id = id(event.id);
    event.session_id = id(event.session_id);
    event.trace_id = id(event.trace_id);
    event.span_id = id(event.span_id);
    event.parent_span_id = id(event.parent_span_id);
    event.tool_call_id = id(event.tool_call_id);
    event.requested_by_span_id = id(event.requested_by_span_id);
    if (event.requested_tool_call_ids.length > 0) event.requested_tool_call_ids = event.requested_tool_call_ids.map(id);
    event.instance = id(event.instance);
    if (event.directive_ids.length > 0) event.directive_ids = event.directive_ids.map(id);

    // Words of few values, in which digits are versions and not phone numbers.
    event.service_name = name(event.service_name);
    event.service_version = name(event.service_version);
    event.deployment_environment = name(event.deployment_environment);
    event.release = name(event.release);
    event.region = name(event.region);
    event.provider = name(event.provider);
    event.request_model = name(event.request_model);
    event.response_model = name(event.response_model);
    event.prompt_version = name(event.prompt_version);

    event.name = text(event.name);
    event.agent_name = text(event.agent_name);
    event.tool_name = text(event.tool_name);
    event.prompt_name = text(event.prompt_name);
    event.error_type = text(event.error_type);
    event.score_name = text(event.score_name);
    if (event.finish_reasons.length > 0) event.finish_reasons = event.finish_reasons.map(text);

    redactContent(draft, policy, tally);
    redactDetails(draft, policy, tally);
    event.redactions = tally.masked + tally.failed;
    if (tally.masked > 0) effects.count('redactions', tally.masked);
    if (tally.failed > 0) effects.count('redactions_failed', tally.failed);
    return ok(adding(item, { event }));
  };
}
