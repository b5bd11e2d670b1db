import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluateSessions, scoreSessions } from './sessions';

describe('the evaluation of inferred sessions', () => {
  const conversations = new Map([['a1', 1], ['a2', 1], ['a3', 1], ['b1', 2], ['b2', 2], ['c1', 3]]); // prettier-ignore
  it.each([
    ['all right', { a1: 'a', a2: 'a', a3: 'a', b1: 'b', b2: 'b' }, { sessions: 2, pair_precision: 1, pair_recall: 1, whole_conversations: 1 }],
    ['one cut', { a2: 'a', a3: 'a', b1: 'b', b2: 'b' }, { pair_precision: 1, pair_recall: 0.5, whole_conversations: 0.5 }],
    ['two in one', { a1: 'a', a2: 'a', a3: 'a', b1: 'a', b2: 'a' }, { sessions: 1, pair_precision: 0.4, pair_recall: 1, whole_conversations: 0 }],
    ['none found', {}, { sessions: 0, pair_precision: 0, pair_recall: 0, whole_conversations: 0 }],
  ])('counts pairs: %s', (_, found, expected) => {
    expect(scoreSessions(conversations, new Map(Object.entries(found)))).toMatchObject({ turns: 6, ...expected });
  }); // prettier-ignore

  it('puts conversations together by their messages, whatever producers keep of them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'eval-sessions-'));
    const file = join(folder, 'gpt-4o-airline.json');
    const traj = (nth: number) => [
      { role: 'system', content: 'Be brief.' },
      ...[0, 1, 2].flatMap((turn) => [
        { role: 'user', content: `Question ${nth}.${turn}?` },
        { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: { name: 'find', arguments: '{}' } }] },
        { role: 'tool', tool_call_id: 'c1', content: 'found' },
        { role: 'assistant', content: `Answer ${nth}.${turn}.` },
      ]),
    ]; // prettier-ignore
    const writeData = (value: unknown): void => writeFileSync(file, JSON.stringify(value));
    writeData(Array.from({ length: 6 }, (_, nth) => ({ traj: traj(nth) })));
    const right = { sessions: 6, pair_precision: 1, pair_recall: 1, whole_conversations: 1 };
    const figures = await evaluateSessions(folder);
    expect(figures).toMatchObject({
      all_messages: { turns: 18, ...right },
      texts_only: right,
      same_greeting: { turns: 24, pair_precision: 1 },
    });
    expect(figures['same_greeting']?.pair_recall).toBeGreaterThanOrEqual(0.5);

    writeData([{ traj: [{ role: 'user', content: 7 }] }]);
    await expect(evaluateSessions(file)).rejects.toThrow(/0.traj.0.content/);
    writeFileSync(file, '{');
    await expect(evaluateSessions(file)).rejects.toThrow(/is no JSON/);
    rmSync(file);
    await expect(evaluateSessions(folder)).rejects.toThrow(/no gpt-4o-airline.json/);
    rmSync(folder, { recursive: true });
  }, 60_000);
});
