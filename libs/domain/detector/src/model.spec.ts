import { createBaselines } from './baselines';
import { hasValues, modelOf } from './model';

const START = Date.UTC(2026, 0, 5);

describe('models of metrics', () => {
  it.each([
    ['turn.duration', 'level', true, true],
    ['turn.cost', 'level', true, false],
    ['turn.calls', 'level', true, false],
    ['turn.count', 'traffic', false, false],
    ['turn.unhelped', 'share', false, true],
  ])('%s is watched as a %s', (metric, shape, values, errors) => {
    const model = modelOf(metric, { service_name: 'bot' });
    expect(model && { shape: model.shape, values: hasValues(model), errors: model.errors }).toEqual({ shape, values, errors });
  });
  it('have none for a metric that nobody watches', () => expect(modelOf('service.version', {})).toBeNull());

  it('a share is judged by its errors alone', () => {
    const model = modelOf('turn.unhelped', {});
    const rows = createBaselines();
    const row = rows.add();
    const channels = new Set<string>();
    for (let i = 0; i < 500; i++) {
      const errors = i < 450 ? (i % 10 === 0 ? 1 : 0) : 9;
      for (const { channel, logP } of rows.evaluateWindow(row, model!, { start: START + i * 10_000, count: 10, errors }))
        if (logP < -20) channels.add(channel);
    }
    expect([...channels]).toEqual(['errors']);
  });
});
