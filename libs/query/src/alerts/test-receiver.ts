import { type ReceiverTest, TOPICS } from '@telltale/contracts';
import { hashId, isoTime } from '@telltale/kernel';
import { z } from 'zod';
import { ApiError } from '../define/api-error';
import { defineCommand, named } from '../define/definition';
import { withIsoTimes } from '../define/iso-times';
import { text, wholeNumber } from '../define/params';
import { columnsOf } from '../define/where';
import { delivery } from './deliveries';

const MOST_SECONDS = 60;
const LOOK_AGAIN_MS = 250;

export const testReceiver = defineCommand({
  name: 'testReceiver',
  about:
    'Sends a test alert to a receiver, on the way that alerts go, and answers what became of it. It is tried once. `pending` when there is no result in time: the notifier or the sender does not run, or is behind.',
  tag: 'alerts',
  scope: 'admin',
  path: '/api/receivers/{name}/test',
  status: 200,
  params: {
    name: text('Name of the receiver'),
    wait_seconds: wholeNumber(1, MOST_SECONDS, 'Longest wait for the result').default(20),
    issued_by: text('Person who asks', 100).optional(),
  },
  example: { name: 'ops' },
  missing: 'there is no receiver of this name',
  answer: named(
    'ReceiverTestAnswer',
    z.object({ id: z.string(), outcome: z.enum(['delivered', 'failed', 'pending']), delivery: delivery.optional() }),
  ),
  run: async ({ name, wait_seconds: waitSeconds, issued_by: person }, { tenant, grant, settings, broker, clock, rowsOf }) => {
    const found = settings.get({ type: 'receiver', tenant, name });
    if (found?.type !== 'receiver' || !found.value)
      throw new ApiError('not_found', 'there is no receiver of this name', { fix: 'GET /api/settings?type=receiver lists them' });
    const at = clock.now();
    const by = person === undefined ? `key ${grant.name}` : `${person} (key ${grant.name})`;
    const id = hashId(24, 'receiver-test', tenant, name, at, clock.monotonic());
    const test: ReceiverTest = { tenant, id, receiver: name, value: found.value, issued_by: by, at: isoTime(at) };
    await broker.produce([{ topic: TOPICS.receiverTests.name, key: tenant, value: JSON.stringify(test) }]);
    for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
      const [row] = await rowsOf({
        sql: `SELECT ${columnsOf(delivery)} FROM telltale.deliveries WHERE tenant = {tenant:String} AND id = {id:String} LIMIT 1`,
        params: { id },
      });
      if (row) {
        const one = withIsoTimes(row);
        return { id, outcome: one['status'] === 'delivered' ? 'delivered' : 'failed', delivery: one };
      }
      if (waited >= waitSeconds * 1_000) return { id, outcome: 'pending' };
      await clock.sleep(LOOK_AGAIN_MS);
    }
  },
});
