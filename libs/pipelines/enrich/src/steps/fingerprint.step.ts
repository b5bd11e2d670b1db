import { type ErrorFingerprints } from '@telltale/domain-fingerprint';
import { adding, ok } from '@telltale/streaming';
import { type TemplateState } from '../state/template-state';
import { type EnrichStep, type Fingerprinted, type Redacted } from '../types';

/** Says which errors are the same fault, and which log lines the same statement. */
export function createFingerprintStep(
  fingerprintOf: ErrorFingerprints,
  templates: Pick<TemplateState, 'add'>,
): EnrichStep<Redacted, Fingerprinted> {
  return function fingerprint(item, { now }) {
    const { event } = item;
    if (event.error_type !== '' || event.error_message !== '')
      event.error_fingerprint = fingerprintOf({
        type: event.error_type,
        message: event.error_message,
        stack: event.error_stack,
        tool: event.tool_name,
      });
    if (event.kind === 'log' && event.body !== '') {
      const template = templates.add(event, now);
      event.log_template = template?.text ?? event.body;
      event.log_template_id = template?.id ?? '';
    }
    return ok(adding(item, { templateId: event.log_template_id }));
  };
}
