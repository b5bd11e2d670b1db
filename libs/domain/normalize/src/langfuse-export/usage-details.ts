import { isRecord } from '@telltale/kernel';
import { type Fields, withoutNulls } from './fields';

type Details = Record<string, unknown>;

const isSaid = (details: Details): boolean => Object.values(details).some((count) => Number(count) > 0);

/**
 * Token counts by bucket: `usageDetails` of Langfuse 3; of before, `usage` (where its unit is tokens) or three fields. Zeros alone are how a store
 * writes that nothing was reported. Null where nothing is said.
 */
export function usageDetailsOf(fields: Fields): Details | null {
  const details = withoutNulls(fields.object('usageDetails'));
  if (isSaid(details)) return details;
  const usage = fields.value('usage');
  if (isRecord(usage)) {
    const unit = usage['unit'] ?? 'TOKENS';
    const counts = withoutNulls({
      input: usage['input'] ?? usage['promptTokens'],
      output: usage['output'] ?? usage['completionTokens'],
      total: usage['total'] ?? usage['totalTokens'],
    });
    return unit === 'TOKENS' && isSaid(counts) ? counts : null;
  }
  const counts = withoutNulls({
    input: fields.number('promptTokens') ?? fields.number('inputTokens'),
    output: fields.number('completionTokens') ?? fields.number('outputTokens'),
    total: fields.number('totalTokens'),
  });
  return isSaid(counts) ? counts : null;
}

/** Cost in US dollars by bucket, `total` among them; null where Langfuse had none. */
export function costDetailsOf(fields: Fields): Details | null {
  const details = withoutNulls(fields.object('costDetails'));
  const total = fields.number('totalCost') ?? fields.number('calculatedTotalCost');
  if (details['total'] === undefined && total !== null) details['total'] = total;
  return isSaid(details) ? details : null;
}
