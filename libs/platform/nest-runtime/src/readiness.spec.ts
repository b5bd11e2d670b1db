import { type TaskHealth } from '@telltale/streaming';
import { createMetrics } from '@telltale/platform-telemetry';
import { type Health, HealthController } from './health.controller';

const task = (over: Partial<TaskHealth>): TaskHealth => ({
  service: 'enricher',
  partition: 0,
  phase: 'running',
  detail: '',
  pausedMs: 0,
  ...over,
});
const paused = (pausedMs: number, number = 0): TaskHealth =>
  task({ partition: number, phase: 'paused', detail: 'insert events: down', pausedMs });

/** The response of `/readyz`. */
function readyz(tasks: readonly TaskHealth[], notReady: string | null = null): { status: number; body: unknown } {
  const health: Health = { services: ['enricher'], metrics: createMetrics(), tasks: () => tasks, notReady: () => notReady };
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
    ['every task runs', [task({}), task({ partition: 1 })], 200, 'ready'],
    ['a task has been paused for a moment', [task({}), paused(60_000, 1)], 200, 'ready'],
    [
      'a task has been paused for over 60 s',
      [task({}), paused(75_400, 3)],
      503,
      'task 3 of enricher has been paused for 75 s (insert events: down)',
    ],
    ['a task restores its state', [task({ phase: 'restoring' })], 503, 'restoring state'],
  ])('when %s', (_, tasks, status, why) => {
    expect(readyz(tasks)).toMatchObject({ status, body: { status: expect.stringContaining(why) as string, tasks } });
  });

  it('names the task that has been paused longest', () => {
    expect(readyz([paused(61_000, 1), paused(90_000, 2)]).body).toMatchObject({
      status: expect.stringContaining('task 2') as string,
    });
  });

  it('reports first that the process starts or stops', () => {
    expect(readyz([paused(90_000)], 'stopping')).toMatchObject({ status: 503, body: { status: 'stopping' } });
  });
});
