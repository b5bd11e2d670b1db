import { type LaneHealth } from '@telltale/engine';
import { createMetrics } from '@telltale/platform-telemetry';
import { type Health, HealthController } from './health.controller';

const lane = (over: Partial<LaneHealth>): LaneHealth => ({
  service: 'enricher',
  lane: 0,
  phase: 'running',
  detail: '',
  pausedMs: 0,
  ...over,
});
const paused = (pausedMs: number, number = 0): LaneHealth =>
  lane({ lane: number, phase: 'paused', detail: 'insert events: down', pausedMs });

/** What `/readyz` answers. */
function readyz(lanes: readonly LaneHealth[], notReady: string | null = null): { status: number; body: unknown } {
  const health: Health = { services: ['enricher'], metrics: createMetrics(), lanes: () => lanes, notReady: () => notReady };
  const answer = { status: 0, body: undefined as unknown };
  const reply = {
    code: (status: number) => ((answer.status = status), reply),
    header: () => reply,
    send: (body: unknown) => ((answer.body = body), reply),
  };
  new HealthController(health).ready(reply);
  return answer;
}

describe('readiness', () => {
  it.each([
    ['every lane runs', [lane({}), lane({ lane: 1 })], 200, 'ready'],
    ['a lane has been paused for a moment', [lane({}), paused(60_000, 1)], 200, 'ready'],
    [
      'a lane has been paused for over 60 s',
      [lane({}), paused(75_400, 3)],
      503,
      'lane 3 of enricher has been paused for 75 s (insert events: down)',
    ],
    ['a lane restores its state', [lane({ phase: 'restoring' })], 503, 'restoring state'],
  ])('when %s', (_, lanes, status, why) => {
    expect(readyz(lanes)).toMatchObject({ status, body: { status: expect.stringContaining(why) as string, lanes } });
  });

  it('names the lane that has stood still for longest', () => {
    expect(readyz([paused(61_000, 1), paused(90_000, 2)]).body).toMatchObject({
      status: expect.stringContaining('lane 2') as string,
    });
  });

  it('says first that the process starts or stops', () => {
    expect(readyz([paused(90_000)], 'stopping')).toMatchObject({ status: 503, body: { status: 'stopping' } });
  });
});
