import { TOPICS, type DetectorSettingRecord } from '@telltale/contracts';
import { DAY_MS, hashId, TransientError } from '@telltale/kernel';
import { badParameter } from '../define/api-error';
import { type AskContext } from '../define/definition';
import { isoTimeParam, text, wholeNumber } from '../define/params';

const MAX_SPAN_MS = 365 * DAY_MS;

export const issuedBy = text('Who asks').default('api');
export const forMs = wholeNumber(1, MAX_SPAN_MS, 'How long it holds, in ms').optional();
export const until = isoTimeParam('When it ends').optional();

/** When it ends, by `for_ms` from `start` or by the time that parameter `name` gives; not both. */
export function endOf(
  { for_ms: span, end }: { readonly for_ms?: number | undefined; readonly end?: number | undefined },
  name: string,
  start: number,
): number | undefined {
  if (span !== undefined && end !== undefined) throw badParameter('for_ms', `is given beside ${name}`, 'give one of the two');
  if (end !== undefined && end <= start) throw badParameter(name, 'is over before it begins', 'give a later time');
  return end ?? (span === undefined ? undefined : start + span);
}

export const newId = ({ clock, tenant }: AskContext, prefix: string, of: unknown): string =>
  `${prefix}-${hashId(12, tenant, clock.now(), clock.monotonic(), JSON.stringify(of))}`;

/** To every partition, so that every task of the scorer hears it. */
export async function sendDetectorSetting({ broker }: AskContext, record: DetectorSettingRecord): Promise<void> {
  const topic = TOPICS.detectorSettings.name;
  const [info] = await broker.describe([topic]);
  if (!info || info.partitions.length === 0) throw new TransientError('unavailable', `${topic} does not exist yet`);
  const value = JSON.stringify(record);
  await broker.produce(info.partitions.map(({ partition }) => ({ topic, partition, key: record.tenant, value })));
}
