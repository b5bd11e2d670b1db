import { createEffects } from '@telltale/streaming';
import { createOperationCallers, type OperationCallers } from './operation-callers';

const DAY = 86_400_000;
const call = (service_name: string, name = 'find', tenant = 'acme') => ({ tenant, service_name, kind: 'tool' as const, name });

/** Runs a batch; the keys that it changed, with what is kept. */
function batch(
  callers: OperationCallers,
  now: number,
  work: () => void = () => undefined,
): [key: string, kept: Buffer | string | null][] {
  const effects = createEffects();
  callers.startBatch(now);
  work();
  callers.flush(effects);
  return [...effects.done().state];
}

describe('operations that several services call', () => {
  it('are shared from the call of the second service on, for each of them', () => {
    const callers = createOperationCallers(new Map());
    callers.startBatch(0);
    const shared = ['shop', 'shop', 'desk', 'shop', 'desk', 'travel'].map((service) => callers.isShared(call(service)));
    expect(shared).toEqual([false, false, true, true, true, true]);
  });
  it('are of one tenant, kind and name', () => {
    const callers = createOperationCallers(new Map());
    callers.startBatch(0);
    callers.isShared(call('shop'));
    const others = [call('desk', 'refund'), call('desk', 'find', 'other'), { ...call('desk'), kind: 'mcp' as const }];
    expect(others.map((one) => callers.isShared(one))).toEqual([false, false, false]);
  });
  it('are shared no longer where one service has called alone for a week', () => {
    const callers = createOperationCallers(new Map());
    batch(callers, 0, () => ['shop', 'desk'].forEach((service) => callers.isShared(call(service))));
    for (let day = 1; day < 9; day++) {
      let isShared = false;
      batch(callers, day * DAY, () => (isShared = callers.isShared(call('shop'))));
      expect([day, isShared]).toEqual([day, day < 7]);
    }
  });
  it('are written once a day, whoever calls them', () => {
    const callers = createOperationCallers(new Map());
    const three = () => ['shop', 'desk', 'travel'].forEach((service) => callers.isShared(call(service)));
    expect(batch(callers, 0, three).map(([key]) => key)).toEqual(['callers/acme/tool find']);
    expect(batch(callers, 1_000, three)).toEqual([]);
    expect(batch(callers, DAY, three)).toHaveLength(1);
    expect(batch(callers, DAY + 1_000, three)).toEqual([]);
  });
  it('are known after a restore', () => {
    const before = createOperationCallers(new Map());
    const written = batch(before, 0, () => before.isShared(call('shop')));
    const after = createOperationCallers(
      new Map(written.flatMap(([key, kept]) => (kept === null ? [] : [[key, Buffer.from(kept)] as const]))),
    );
    after.startBatch(DAY);
    expect(after.isShared(call('desk'))).toBe(true);
  });
  it('are 4,000 of a tenant; nothing is kept of what nobody called for a week', () => {
    const callers = createOperationCallers(new Map());
    batch(callers, 0, () => callers.isShared(call('shop')));
    const many = batch(callers, DAY, () => {
      for (let i = 0; i < 4_001; i++) callers.isShared(call('shop', `tool-${i}`));
    });
    expect(many.filter(([, kept]) => kept === null)).toHaveLength(2);
    expect(batch(callers, 8 * DAY).every(([, kept]) => kept === null)).toBe(true);
  });
});
