import { createDice } from '@telltale/kernel';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { areaUnderCurve, evaluateFriction } from './evaluate-friction';
import { cellsOf, simulateJourney } from './simulated-journeys';

it.each([
  ['all above', [3, 4], [1, 2], 1],
  ['all below', [1], [2, 3], 0],
  ['all equal', [1, 1], [1], 0.5],
  ['between', [1, 3], [2], 0.5],
])('an area under the curve: %s', (_, positive, negative, area) => expect(areaUnderCurve(positive, negative)).toBe(area));

it('counts each simulated session once in each state it was in', () => {
  const dice = createDice(1);
  const journeys = Array.from({ length: 300 }, () => simulateJourney({ bad: 0.3, slow: 0.1, leaves: 0.5 }, dice));
  const cells = cellsOf(journeys, false);
  expect(Math.max(...cells.map(({ sessions }) => sessions))).toBeLessThanOrEqual(300);
  expect(cells.reduce((sum, { abandoned }) => sum + abandoned, 0)).toBeGreaterThan(30);
});

it('separates conversations in which the user had trouble, through the whole pipeline', async () => {
  const say = (role: string, content: string) => ({ role, content });
  const good = (n: number) => ({ task_id: n, reward: 1, traj: [say('user', `please find my order number ${n}`), say('assistant', 'It comes on Monday.'), say('user', 'Thank you, bye')] });
  const bad = (n: number) => ({
    task_id: n, reward: 0,
    traj: [say('user', `please find my order number ${n}`), say('assistant', 'Which one do you mean?'), say('user', `No, I said number ${n}. This is useless`), say('assistant', 'I am sorry, there was an error.')],
  }); // prettier-ignore
  const folder = mkdtempSync(join(tmpdir(), 'telltale-friction-'));
  try {
    const file = join(folder, 'chats.json');
    writeFileSync(file, JSON.stringify([1, 2, 3, 4].flatMap((n) => [good(n), bad(n)])));
    const { sessions, failed, auc, signs } = await evaluateFriction(file);
    expect({ sessions, failed, auc }).toEqual({ sessions: 8, failed: 4, auc: 1 });
    expect(signs).toMatchObject({ correction: { failed: 1, succeeded: 0 }, complaint: { failed: 1, succeeded: 0 } });
    expect(signs['no_answer']).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true });
  }
}); // prettier-ignore
