import { DAY_MS } from '@telltale/kernel';
import { badParameter } from '../define/api-error';
import { momentOf, type Period } from '../define/params';

const DEFAULT_MS = 7 * DAY_MS;
const MAX_MS = 90 * DAY_MS;

/** The period of `from` and `to`; the last seven days when left out. */
export function fromTo(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: number,
): Period {
  const until = to === undefined ? now : momentOf('to', to, now);
  const since = from === undefined ? until - DEFAULT_MS : momentOf('from', from, now);
  if (since >= until) throw badParameter('from', 'lies not before to', 'give an earlier from or a later to');
  if (until - since > MAX_MS) throw badParameter('from', 'lies more than 90 d before to', 'ask for a shorter period');
  return { since, until };
}
