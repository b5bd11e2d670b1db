import { TOPICS } from '@telltale/contracts';
import { createEffects } from '../pipeline/effects';
import { type LogRecord } from '../ports/broker';
import { newTestSettingRecord } from '../testing/task.fixture';
import { createTaskSettings, madeOfSettings } from './task-settings';

const budget = (most: number, version = 1, tenant = 'acme'): LogRecord =>
  newTestSettingRecord('verbosity_budget', tenant, { max_boosts: most }, { version });
const event: LogRecord = {
  topic: TOPICS.events.name,
  partition: 0,
  offset: 0,
  key: null,
  value: null,
  headers: {},
  timestampMs: 0,
};

describe('the settings of a task', () => {
  const newSut = () => createTaskSettings(['verbosity_budget', 'price'], new Map());

  it('are taken out of a batch; what is left is the rest in its order', () => {
    const sut = newSut();
    expect(sut.take([event, budget(3), event], createEffects())).toEqual([event, event]);
    expect(sut.valueOf('verbosity_budget', 'acme')).toEqual({ max_boosts: 3 });
  });

  it('of a tenant go before those of all tenants', () => {
    const sut = newSut();
    sut.take([budget(9, 1, '*'), budget(3)], createEffects());
    expect([sut.valueOf('verbosity_budget', 'acme'), sut.valueOf('verbosity_budget', 'beta')]).toEqual([
      { max_boosts: 3 },
      { max_boosts: 9 },
    ]);
    sut.take([newTestSettingRecord('verbosity_budget', 'acme', null, { version: 2 })], createEffects());
    expect(sut.valueOf('verbosity_budget', 'acme')).toEqual({ max_boosts: 9 });
  });

  it('are the newest by version, not by order, and are written once', () => {
    const sut = newSut();
    const effects = createEffects();
    sut.take([budget(3, 3), budget(2, 2)], effects);
    sut.flush(effects);
    const { state } = effects.done();
    expect([...state.keys()]).toEqual(['setting/verbosity_budget/acme/default']);
    const restored = createTaskSettings(['verbosity_budget'], state as ReadonlyMap<string, Buffer>);
    expect(restored.valueOf('verbosity_budget', 'acme')).toEqual({ max_boosts: 3 });
    const again = createEffects();
    restored.take([budget(3, 3)], again);
    restored.flush(again);
    expect(again.done().state.size).toBe(0);
  });

  it('are written also when the batch was begun twice before it ended', () => {
    const sut = newSut();
    sut.take([budget(3)], createEffects());
    const effects = createEffects();
    sut.take([budget(3)], effects);
    sut.flush(effects);
    expect(effects.done().state.size).toBe(1);
  });

  it('of a type that the pipeline does not read are not kept, and those that cannot be read are counted', () => {
    const sut = newSut();
    const effects = createEffects();
    const broken = { ...budget(1), value: Buffer.from('{"type":"verbosity_budget"}') };
    const unread = newTestSettingRecord('tenant', 'acme', { privacy: 'mask' });
    expect(sut.take([unread, broken, budget(2)], effects)).toEqual([]);
    sut.flush(effects);
    const { counts, state } = effects.done();
    expect([counts, [...state.keys()]]).toEqual([{ settings_ignored: 1 }, ['setting/verbosity_budget/acme/default']]);
  });

  it('are listed by name, as long as they are set', () => {
    const sut = newSut();
    const price = (name: string) =>
      newTestSettingRecord('price', 'acme', { model: name, usd_per_million: { input: 1, output: 1 } }, { name });
    sut.take([price('b'), price('c'), price('a')], createEffects());
    expect(sut.of('price', 'acme').map(({ name, value }) => [name, value.model])).toEqual([['a', 'a'], ['b', 'b'], ['c', 'c']]); // prettier-ignore
    sut.take([newTestSettingRecord('price', 'acme', null, { name: 'b', version: 2 })], createEffects());
    expect(sut.of('price', 'acme').map(({ name }) => name)).toEqual(['a', 'c']);
    expect(sut.of('price', 'beta')).toEqual([]);
  });

  it('are made into something once for a tenant, and again when one has changed', () => {
    const sut = newSut();
    let made = 0;
    const mostOf = madeOfSettings(sut, (tenant) => [tenant, sut.valueOf('verbosity_budget', tenant)?.max_boosts ?? 5, ++made]);
    expect([mostOf('acme'), mostOf('acme'), mostOf('beta')]).toEqual([['acme', 5, 1], ['acme', 5, 1], ['beta', 5, 2]]); // prettier-ignore
    const before = sut.revision();
    sut.take([budget(3)], createEffects());
    expect(sut.revision()).toBeGreaterThan(before);
    expect(mostOf('acme')).toEqual(['acme', 3, 3]);
  });

  it('are made into something for 10,000 tenants at once, so that names do not fill the memory', () => {
    let made = 0;
    const numberOf = madeOfSettings(newSut(), () => ++made);
    const tenants = Array.from({ length: 10_000 }, (_, i) => `tenant-${i}`);
    tenants.forEach(numberOf);
    tenants.forEach(numberOf);
    expect(made).toBe(10_000);
    expect([numberOf('one more'), numberOf('tenant-0'), numberOf('one more')]).toEqual([10_001, 10_002, 10_001]);
  });
});
