import { type ErrorFingerprints } from '@telltale/domain-fingerprint';
import { ok, type BatchContext, type Step } from '@telltale/streaming';
import { type EnrichingEvent } from '../types';
import { type TemplateState } from '../state/template-state';

/** Says which errors are the same fault, and which log lines the same statement. */
export function createFingerprintStep(
  fingerprintOf: ErrorFingerprints,
  templates: Pick<TemplateState, 'match'>,
): Step<EnrichingEvent, EnrichingEvent, BatchContext> {
  return function fingerprint(draft, { now }) {
    const { event } = draft;
    if (event.error_type !== '' || event.error_message !== '')
      event.error_fingerprint = fingerprintOf({
        type: event.error_type,
        message: event.error_message,
        stack: event.error_stack,
        tool: event.tool_name,
      });
    if (event.kind === 'log' && event.body !== '') {
      const template = templates.match(event, now);
      event.log_template = template?.text ?? event.body;
      event.log_template_id = template?.id ?? '';
    }
    return ok(draft);
  };
}
