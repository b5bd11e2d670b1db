import { subjectOfSeries } from './subject';

const FIND = { kind: 'tool', name: 'find' };

describe('what turns are asked about an anomaly', () => {
  it.each([
    ['operation.error_ratio', { service_name: 'shop', ...FIND }, 'errors', { service: 'shop', operation: 'tool find' }],
    ['tenant.operation.error_ratio', FIND, 'errors', { operation: 'tool find' }],
    ['tenant.operation.duration', FIND, 'duration', { operation: 'tool find' }],
    ['provider.duration', { provider: 'openai' }, 'duration', { provider: 'openai' }],
    ['tenant.turn.cost', {}, 'cost', {}],
    ['llm.tokens', { service_name: 'shop', model: 'm' }, 'tokens', { service: 'shop', model: 'm' }],
    ['error.count', { service_name: 'shop', error_fingerprint: 'f' }, 'errors', { service: 'shop', fingerprint: 'f' }],
  ] as const)('of %s %j: %s of those in scope', (metric, dimensions, measure, scope) => {
    expect(subjectOfSeries(metric, dimensions, 'up')).toEqual({ measure, direction: 'up', scope });
  });

  it('is nothing where turns do not hold it', () => {
    expect(subjectOfSeries('log.count', { service_name: 'shop', severity: 'error' }, 'up')).toBeNull();
  });
});
