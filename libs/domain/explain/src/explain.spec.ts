import { type Ending } from './conversation';
import { explainConversation } from './explain';
import { conversationOfEvents, type StoredEvent } from './from-events';
import { type Similar } from './finding';
import { mineFacts } from './mine-facts';
import { conversationOf } from './read-messages';
import { outlineOf, similarTo } from './similar';
import { type Facts, joinFacts } from './tool-facts';

type Call = readonly [tool: string, args: object, result: string];
const user = (content: string) => ({ role: 'user', content });
const agent = (content: string) => ({ role: 'assistant', content });
const system = (content: string) => ({ role: 'system', content });
/** A message that calls a tool, and the message that answers. */
const call = (tool: string, args: object, result: unknown) => [
  { role: 'assistant', content: null, tool_calls: [{ id: 'c', type: 'function', function: { name: tool, arguments: JSON.stringify(args) } }] },
  { role: 'tool', tool_call_id: 'c', content: typeof result === 'string' ? result : JSON.stringify(result) },
]; // prettier-ignore

const order = (n: number, status = 'pending') => ({
  order_id: `#W${100 + n}`,
  customer_id: `cus_${500 + n}`,
  status,
  items: [`itm_${n}`],
});
/** A conversation in which an order was found and cancelled. */
const cancelled = (n: number) =>
  conversationOf(`good-${n}`, [
    user(`Please cancel my order #W${100 + n}.`),
    ...call('find_customer', { email: `p${n}@example.com` }, { customer_id: `cus_${500 + n}` }),
    ...call('get_order', { order_id: `#W${100 + n}`, customer_id: `cus_${500 + n}` }, order(n)),
    agent(`Shall I cancel #W${100 + n}?`),
    user('Yes, go ahead.'),
    ...call('cancel_order', { order_id: `#W${100 + n}`, reason: n % 2 ? 'no_longer_needed' : 'ordered_by_mistake' }, { status: 'cancelled' }),
    agent('It is cancelled.'),
  ], 'succeeded'); // prettier-ignore

const GOOD = Array.from({ length: 41 }, (_, n) => cancelled(n));
const FACTS = GOOD.map(mineFacts).reduce(joinFacts, new Map() as Facts);
const NONE: Facts = new Map();

const explained = (
  messages: readonly unknown[],
  ending: Ending = 'unknown',
  facts: Facts = FACTS,
  similar: readonly Similar[] = [],
) => explainConversation(conversationOf('c', messages, ending), facts, similar);

describe('the step where a conversation went wrong', () => {
  it('is the earlier call that returned an id of the wrong kind, not the later one that failed on it', () => {
    const { root } = explained([
      user('Please cancel my order #W900.'),
      ...call('find_customer', { email: 'x@example.com' }, { customer_id: 'acct-77' }),
      agent('One moment.'),
      ...call('get_order', { order_id: '#W900', customer_id: 'acct-77' }, 'Error: no such customer'),
      agent('I cannot find it.'),
    ]);
    expect(root).toMatchObject({ cause: 'wrong_id_carried', step: 1, tool: 'find_customer', evidence: [4] });
    expect(root?.reason).toContain('cus_<digits> (41)');
  });

  it('is the call that took an id from another field than calls that worked', () => {
    const { root } = explained([
      user('Please cancel my order #W900.'),
      ...call('find_customer', { email: 'x@example.com' }, { customer_id: 'cus_9', address_id: 'adr_4' }),
      ...call('get_order', { order_id: '#W900', customer_id: 'adr_4' }, 'Error: no such customer'),
    ]);
    expect(root).toMatchObject({ cause: 'wrong_id_carried', step: 3, tool: 'get_order' });
    expect(root?.reason).toContain('find_customer address_id');
    expect(root?.reason).toContain('find_customer customer_id (41)');
  });

  it.each<[string, object, RegExp]>([
    ['a missing argument', { customer_id: 'cus_9' }, /order_id is missing, and was there in 41 of 41 calls/],
    ['an argument of another type', { order_id: 900, customer_id: 'cus_9' }, /order_id is integer, and was string \(41\)/],
  ])('names %s beside the message of the tool', (_, args, reason) => {
    const { root, findings } = explained([
      user('Cancel order #W900, I am cus_9.'),
      ...call('get_order', args, 'Error: bad request'),
    ]);
    expect(root?.step).toBe(1);
    expect(findings.map((one) => one.reason).join('\n')).toMatch(reason);
    expect(findings.some(({ cause }) => cause === 'tool_error')).toBe(true);
  });

  it('is a change that was made without the call that always comes before', () => {
    const { findings } = explained([
      user('Cancel #W900. Yes, go ahead.'),
      ...call('cancel_order', { order_id: '#W900', reason: 'no_longer_needed' }, 'Error: load the order first'),
    ]);
    expect(findings.find(({ cause }) => cause === 'missing_precondition')?.reason).toMatch(/without (find_customer|get_order) before it, which came before in 41 of 41/);
  }); // prettier-ignore

  it('is not named where the agent got over an error by itself', () => {
    const { root } = explained([
      user('Please cancel my order #W900.'),
      ...call('find_customer', { email: 'x@example.com' }, { customer_id: 'cus_9' }),
      ...call('get_order', { order_id: '#W90', customer_id: 'cus_9' }, 'Error: no such order'),
      ...call('get_order', { order_id: '#W900', customer_id: 'cus_9' }, order(800)),
      agent('Shall I cancel it?'),
    ]);
    expect(root).toBeNull();
  });

  const FOUND = call(
    'get_order',
    { order_id: '#W9' },
    { order_id: '#W9', status: 'delivered', cabin: 'basic_economy', insurance: 'no' },
  );
  it.each<[string, unknown[], string]>([
    ['a state that only another may have', [system("An order can only be cancelled if its status is 'pending'."), user('Cancel #W9'), ...FOUND, user('yes'), ...call('cancel_order', { order_id: '#W9' }, '{}')], 'status is “delivered”'],
    ['a state that may not', [system('Orders that are delivered cannot be cancelled.'), user('Cancel #W9'), ...FOUND, user('yes'), ...call('cancel_order', { order_id: '#W9' }, '{}')], 'status is “delivered”'],
    ['a condition that is not met', [system('Basic economy can be cancelled only if insurance is bought.'), user('Cancel #W9'), ...FOUND, user('yes'), ...call('cancel_order', { order_id: '#W9' }, '{}')], 'insurance is "no"'],
    ['a limit', [system('Use at most one coupon.'), user('Order it'), user('yes'), ...call('place_order', { coupons: ['coupon_1', 'coupon_2'] }, '{}')], 'was given 2 in coupons'],
  ])('is a change that the instructions forbid: %s', (_, messages, because) => {
    expect(explained(messages, 'unknown', NONE).root).toMatchObject({ cause: 'breaks_policy', reason: expect.stringContaining(because) as string });
  }); // prettier-ignore

  it.each<[string, unknown[]]>([
    ['the state is the one', [system("An order can only be cancelled if its status is 'delivered'."), user('Cancel #W9'), ...FOUND, user('yes'), ...call('cancel_order', { order_id: '#W9' }, '{}')]],
    ['it is young enough', [system('The current time is 2024-05-15 15:00. All can be cancelled within 24 hours of booking. Otherwise basic economy can be cancelled only if insurance is bought.'), user('Cancel #W9'), ...call('get_order', { order_id: '#W9' }, { order_id: '#W9', cabin: 'basic_economy', insurance: 'no', created_at: '2024-05-15T02:00:00' }), user('yes'), ...call('cancel_order', { order_id: '#W9' }, '{}')]],
    ['another tool is meant', [system('Basic economy flights cannot be modified.'), user('Cancel #W9'), ...FOUND, user('yes'), ...call('cancel_order', { order_id: '#W9' }, '{}')]],
  ])('is no change that the instructions allow: %s', (_, messages) => {
    expect(explained(messages, 'unknown', NONE).findings.filter(({ cause }) => cause === 'breaks_policy')).toEqual([]);
  }); // prettier-ignore

  it('is the change that differs from what the person said: a count, a choice', () => {
    const bags = explained([user('I want 3 bags'), agent('Shall I proceed?'), user('yes'), ...call('update_bags', { id: 'R1', total_bags: 2 }, '{}')], 'unknown', NONE);
    expect(bags.root).toMatchObject({ cause: 'contradicts_user', step: 3, evidence: [0] });
    const more = explained([user('Add 1 more bag please'), agent('Shall I proceed?'), user('yes'), ...call('update_bags', { id: 'R1', total_bags: 2 }, '{}'), agent('Done.')], 'unknown', NONE); // prettier-ignore
    expect(more.root).toBeNull();
    const reason = explained([user('Cancel #W900, it was ordered by mistake'), ...call('get_order', { order_id: '#W900', customer_id: 'cus_9' }, order(800)), user('yes'), ...call('cancel_order', { order_id: '#W900', reason: 'no_longer_needed' }, '{}')]);
    expect(reason.findings.find(({ cause }) => cause === 'contradicts_user')?.reason).toContain('“ordered by mistake”');
  }); // prettier-ignore

  it('is what is said to be done without a call, and agreement that no call followed', () => {
    const claim = explained([user('Cancel #W1'), agent('Your order has been cancelled.')], 'unknown', NONE);
    expect(claim.root).toMatchObject({ cause: 'claim_without_call', step: 1 });
    const never = explained([user('Cancel #W1'), agent('Shall I cancel it?'), user('Yes, go ahead.'), agent('Thank you, have a nice day.')], 'unknown', NONE);
    expect(never.root).toMatchObject({ cause: 'call_never_made', step: 3 });
  }); // prettier-ignore

  it('is the first change that no similar conversation made that went well', () => {
    const other = conversationOf('c', [
      user('Please cancel my order #W105.'), ...call('find_customer', { email: 'p5@example.com' }, { customer_id: 'cus_505' }), ...call('get_order', { order_id: '#W105', customer_id: 'cus_505' }, order(5)),
      agent('Shall I cancel #W105?'), user('Yes, go ahead.'), ...call('cancel_order', { order_id: '#W105', reason: 'ordered_by_mistake' }, { status: 'cancelled' }),
    ], 'failed'); // prettier-ignore
    const similar = similarTo(outlineOf(other), GOOD.map(outlineOf));
    expect(similar[0]).toMatchObject({ id: 'good-5', wentWell: true });
    expect(explainConversation(other, FACTS, similar.slice(0, 1)).root).toMatchObject({ cause: 'departs_from_others', step: 7 });
  });

  it('is never named in a conversation that went well, and always in one that failed', () => {
    const messages = [user('Cancel #W1'), agent('Your order has been cancelled.')];
    expect(explained(messages, 'succeeded').root).toBeNull();
    expect(explained([user('Hello'), agent('Hello!')]).root).toBeNull();
    expect(explained([user('Hello'), agent('Hello!')], 'failed').root).toMatchObject({
      cause: 'by_position',
      step: 1,
      confidence: 'low',
    });
    expect(explained([], 'failed')).toMatchObject({ root: null, steps: [] });
  });

  it('claims nothing of the conversations that it learned from', () => {
    const claimed = GOOD.filter((one, i) => {
      const facts = GOOD.filter((_, j) => j !== i).map(mineFacts).reduce(joinFacts, new Map() as Facts); // prettier-ignore
      return explainConversation({ ...one, ending: 'unknown' }, facts, []).root !== null;
    });
    expect(claimed).toEqual([]);
  });
});

describe('the same from stored events', () => {
  const event = (given: Partial<StoredEvent>): StoredEvent => ({
    id: '', kind: 'llm', name: 'chat', ts: '', status: 'ok', error_type: '', error_message: '', trace_id: 't1', span_id: '', tool_name: '', tool_call_id: '', requested_by_span_id: '', tool_arguments: '', tool_result: '',
    input: '', output: '', severity: '', body: '', score_label: '', score_value: null, ...given,
  }); // prettier-ignore
  const tool = (id: string, ts: string, [name, args, result]: Call, failed = false): StoredEvent =>
    event({
      id,
      kind: 'tool',
      ts,
      tool_name: name,
      tool_arguments: JSON.stringify(args),
      tool_result: result,
      status: failed ? 'error' : 'ok',
    });

  it('reads calls, requests and instructions, whoever recorded them', () => {
    const events = [
      event({ id: 'e0', kind: 'turn', ts: '1', input: 'Cancel #W1' }),
      event({ id: 'e1', ts: '2', span_id: 's1', input: JSON.stringify([system('Be kind.'), user('Cancel #W1')]), output: JSON.stringify([{ role: 'assistant', parts: [{ type: 'tool_call', id: 'k', name: 'cancel_order', arguments: { order_id: '#W1' } }] }]) }),
      { ...tool('e2', '3', ['cancel_order', { order_id: '#W1' }, 'Error: unknown'], true), requested_by_span_id: 's1' },
    ]; // prettier-ignore
    const { conversation, starts } = conversationOfEvents('s', events, 'unknown');
    expect(conversation.steps.map(({ role, text, calls }) => [role, text, calls.length])).toEqual([['system', 'Be kind.', 0], ['user', 'Cancel #W1', 0], ['assistant', '', 1]]); // prettier-ignore
    expect([...starts]).toEqual([['t1', 0]]);
    expect(explainConversation(conversation, NONE, []).root).toMatchObject({ cause: 'tool_error', step: 2 });
  });

  it('needs no model: tools alone, and an error of the whole where nothing in it failed', () => {
    const tools = conversationOfEvents('s', [tool('a', '1', ['find', { q: 'x' }, '{}']), tool('b', '2', ['send', {}, 'boom'], true)], 'unknown');
    expect(explainConversation(tools.conversation, NONE, []).root).toMatchObject({ step: 1, tool: 'send' });
    const whole = conversationOfEvents('s', [event({ id: 'r', kind: 'agent', ts: '1', status: 'error', error_message: 'out of memory' })], 'unknown');
    expect(explainConversation(whole.conversation, NONE, []).root).toMatchObject({ cause: 'call_failed', reason: expect.stringContaining('out of memory') as string });
  }); // prettier-ignore

  it('looks only at what reaches into one turn', () => {
    const events = [tool('a', '1', ['send', {}, 'boom'], true), { ...tool('b', '2', ['pay', {}, 'bang'], true), trace_id: 't2' }];
    const { conversation, starts } = conversationOfEvents('s', events, 'unknown');
    expect(explainConversation(conversation, NONE, [], starts.get('t2')).findings.map(({ tool: name }) => name)).toEqual(['pay']);
  });
});
