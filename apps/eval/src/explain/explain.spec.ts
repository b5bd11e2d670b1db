import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testData } from '@telltale/testkit';
import { evaluateExplain } from './explain';

const call = (name: string, args: object, result: string) => [
  {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: name, type: 'function', function: { name, arguments: JSON.stringify(args) } }],
  },
  { role: 'tool', tool_call_id: name, content: result },
];
const POLICY = { role: 'system', content: "An order can only be cancelled if its status is 'pending'." };
/** Found, agreed, cancelled: the change is message 5, and wrong where the order was delivered. */
const cancelling = (status: string) => [
  POLICY,
  { role: 'user', content: 'Please cancel order W17.' },
  ...call('get_order', { order_id: 'W17' }, JSON.stringify({ order_id: 'W17', status })),
  { role: 'user', content: 'yes' },
  ...call('cancel_order', { order_id: 'W17' }, '{}'),
]; // prettier-ignore
const one = (id: string, status: string, reward: number, actions: readonly object[] = []) => ({
  id, task_id: Number(id), reward, messages: cancelling(status), info: { task: { actions } },
}); // prettier-ignore

describe('the evaluation of explanations', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'eval-explain-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  it('scores steps against the calls that were right, which the method never sees', async () => {
    const right = { name: 'cancel_order', kwargs: { order_id: 'W17' } };
    const all = [
      one('1', 'delivered', 0),
      one('2', 'delivered', 0),
      one('3', 'pending', 1, [right]),
      one('4', 'pending', 0, [right]),
    ];
    const figures = await evaluateExplain(write('all.json', JSON.stringify(all)));
    expect(figures).toMatchObject({
      conversations: 4, failed: 3, with_step: 3, labels: 'by rule', labeled: 2, root_step_exact: 2, root_step_within_5: 2,
      baselines: { first_step: { exact: 0, within_5: 2 }, first_write_call: { exact: 2 }, random_answer: { labeled: 2 } },
      not_judged: { succeeded: { conversations: 1, claimed: 0 } },
    }); // prettier-ignore
    const blind = all.map((item) => ({ ...item, info: {} }));
    expect(await evaluateExplain(write('blind.json', JSON.stringify(blind)))).toMatchObject({ labels: 'none', labeled: 0, with_step: 3, not_judged: { failed: { claimed: 2 } } }); // prettier-ignore
  });

  it('takes a folder of conversations, one per file or line, and labels of people as JSON or lines', async () => {
    const data = mkdtempSync(join(folder, 'data-'));
    writeFileSync(join(data, 'a.json'), JSON.stringify({ messages: cancelling('delivered') }));
    writeFileSync(join(data, 'b.jsonl'), ['x', 'y'].map((id) => JSON.stringify({ id, messages: cancelling('delivered') })).join('\n'));
    writeFileSync(join(data, 'labels.json'), '[]');
    const labels = [{ conversation: 'a', step: 5, category: 'policy' }, { conversation: 'x', step: 1, category: '' }];
    const expected = { conversations: 3, failed: 2, labels: 'file', labeled: 2, root_step_exact: 1, root_step_within_5: 2 };
    expect(await evaluateExplain(data, { labels: write('l.json', JSON.stringify(labels)) })).toMatchObject(expected);
    expect(await evaluateExplain(data, { labels: write('l.jsonl', labels.map((label) => JSON.stringify(label)).join('\n')) })).toMatchObject(expected);
  }); // prettier-ignore

  it.each<[string, string, RegExp]>([
    ['no JSON', '{', /l\.json: is no JSON/],
    ['no label', '[]', /there is no label in it/],
    ['a conversation that is not there', '[{"conversation":"z","step":1}]', /label 0: there is no one conversation z/],
    ['a step beyond the end', '[{"conversation":"a","step":99}]', /label 0: step 99 is beyond the 7 messages of a/],
    ['a step that is no number', '[{"conversation":"a","step":"5"}]', /label 0: step must be a whole number from 0/],
    ['a conversation twice', '[{"conversation":"a","step":1},{"conversation":"a","step":2}]', /label 1: a is labeled twice/],
  ])('says what is wrong with labels: %s', async (_, labels, message) => {
    const data = write('a.json', JSON.stringify({ messages: cancelling('delivered') }));
    await expect(evaluateExplain(data, { labels: write('l.json', labels) })).rejects.toThrow(message);
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', '{', /is no JSON/],
    ['no messages', '[{"id":"a"}]', /conversation 0: messages is missing/],
    ['a message without a role', '[{"messages":[{}]}]', /conversation 0: messages\[0\].role must be text/],
    ['nothing', '[]', /there is no conversation in it/],
    ['an id twice', '[{"id":"a","messages":[]},{"id":"a","messages":[]}]', /two conversations have the id a/],
  ])('says what is wrong with conversations: %s', async (_, text, message) => {
    await expect(evaluateExplain(write('wrong.json', text))).rejects.toThrow(message);
  });
});

const { path: FILE, describeData, leftOut } = testData('tau-airline', 'gpt-4o-airline.json');

describeData(`explanations of real conversations${leftOut}`, () => {
  it('name the right step no less often than docs/EXPLAIN.md says, and claim little of what went well', async () => {
    const figures = (await evaluateExplain(FILE)) as {
      root_step_exact: number;
      with_cause: number;
      half_held_back: { explain: { exact: number }; first_write_call: { exact: number } };
      not_judged: { succeeded: { share: number }; failed: { share: number } };
    };
    expect(figures).toMatchObject({ conversations: 200, failed: 116, with_step: 116, labeled: 70 });
    expect(figures.root_step_exact).toBeGreaterThanOrEqual(60);
    expect(figures.with_cause).toBeGreaterThanOrEqual(85);
    expect(figures.half_held_back.explain.exact).toBeGreaterThan(figures.half_held_back.first_write_call.exact);
    expect(figures.not_judged.succeeded.share).toBeLessThanOrEqual(0.12);
    expect(figures.not_judged.failed.share).toBeGreaterThanOrEqual(0.5);
  }, 120_000);
});
