import { distanceOf, simhashWords } from '@telltale/kernel';
import fc from 'fast-check';
import { promptHash, toolCallHash } from './call-hash';
import { createIntents } from './intent';
import { languageOf } from './language';
import { simhash } from './simhash';
import { joinOutcomeFacts, NO_OUTCOME, outcomeFactsOf, outcomeOf, type OutcomeFacts, type TurnEvent } from './turn-outcome';

describe('hashes of calls', () => {
  it('take no notice of the order of keys or of spaces', () => {
    expect(toolCallHash('book', '{"a":1,"b":{"c":[1,2],"d":null}}')).toBe(
      toolCallHash('book', '{ "b": {"d":null,"c":[1,2]}, "a":1 }'),
    );
    expect(promptHash('m', 'find  a\nflight ')).toBe(promptHash('m', 'find a flight'));
  });
  it.each([
    ['tool', toolCallHash('find', '{"a":1}')],
    ['argument', toolCallHash('book', '{"a":2}')],
    ['order of a list', toolCallHash('book', '[2,1]')],
    ['kind of a value', toolCallHash('book', '{"a":"1"}')],
    ['object from the list of its pairs', toolCallHash('book', '[["a",1]]')],
  ])('differ with the %s', (_, other) => {
    expect(other).not.toBe(toolCallHash('book', '{"a":1}'));
    expect(other).not.toBe(toolCallHash('book', '[1,2]'));
  });
  it('are the same for any JSON written again', () => {
    fc.assert(
      fc.property(fc.json(), (json) => expect(toolCallHash('t', JSON.stringify(JSON.parse(json)))).toBe(toolCallHash('t', json))),
    );
  });
  it('are empty where there is no call', () =>
    expect([toolCallHash('', '{}'), promptHash('m', ''), simhash(' .')]).toEqual(['', '', '']));
});

const bitsApart = (a: string, b: string): number => distanceOf(simhashWords(a), simhashWords(b));

describe('near hashes', () => {
  const prompt =
    'You are a travel agent. Answer politely. Look up the reservation before you promise anything, never book without consent of the ' +
    'customer, and tell the price in dollars. Policies: basic economy cannot be changed, all others can for a fee of ';
  it('lie close for texts that share most', () => {
    expect(bitsApart(simhash(`${prompt}50 dollars`), simhash(`${prompt}75 dollars`))).toBe(0);
    expect(bitsApart(simhash(`${prompt}50 dollars`), simhash(`${prompt}50 dollars. Customer: Mia.`))).toBeLessThan(16);
  });
  it('lie apart for others', () =>
    expect(
      bitsApart(simhash(prompt), simhash('Summarise this invoice for accounting and list every line with its tax rate')),
    ).toBeGreaterThan(20));
  it('measure a distance', () => {
    const text = fc.string({ minLength: 1 }).map((value) => `a ${value}`);
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(bitsApart(simhash(a), simhash(a))).toBe(0);
        expect(bitsApart(simhash(a), simhash(b))).toBe(bitsApart(simhash(b), simhash(a)));
      }),
    );
  });
});

it.each([
  ['en', 'I would like to cancel my order, what is the fee?'],
  ['de', 'Ich möchte bitte meine Bestellung nicht mehr haben, wie kann ich das ändern?'],
  ['fr', 'Je voudrais annuler ma commande, est-ce que vous pouvez le faire pour moi ?'],
  ['es', 'Quiero cancelar mi pedido, ¿cómo lo puedo hacer por la web?'],
  ['it', 'Vorrei annullare il mio ordine, come posso fare per favore?'],
  ['pt', 'Você pode cancelar o meu pedido? Não quero mais isso.'],
  ['nl', 'Ik wil graag mijn bestelling annuleren, hoe kan ik dat doen?'],
  ['ja', '注文をキャンセルしたいです'],
  ['zh', '我想取消我的订单'],
  ['ko', '주문을 취소하고 싶어요'],
  ['ru', 'Я хочу отменить заказ'],
  ['uk', 'Я хочу скасувати замовлення, будь ласка, і її теж'],
  ['ar', 'أريد إلغاء طلبي'],
  ['und', 'ok'],
  ['und', 'SKU-4411 x 3'],
])('tells the language %s of “%s”', (language, text) => expect(languageOf(text)).toBe(language));

describe('intents', () => {
  it.each([
    ['cancel reservation', 'Hi! I want to cancel my reservation ABC123 please'],
    ['cancel flight', 'Can you tell me how to cancel the flights?'],
    ['refund ticket', 'I need a refund for tickets bought yesterday'],
    ['change reservation', 'I would like to change my upcoming flight reservation for the family, if possible'],
    ['cancel flight', 'cancel the flight scheduled for Friday'],
    ['change reservation', 'Could you make changes to my reservation?'],
    ['cancel buchung', 'Hallo, ich möchte meine Buchung stornieren'],
    ['cancel commande', 'Je voudrais annuler ma commande, est-ce que vous pouvez le faire ?'],
    ['refund pedido', 'Necesito un reembolso para mi pedido, por favor'],
    ['change volo', 'Vorrei cambiare il mio volo'],
    ['cancel pedido', 'Você pode cancelar o meu pedido?'],
    ['change afspraak', 'Ik wil graag mijn afspraak wijzigen'],
    ['book van', 'I want to book a van'],
    ['explain', 'why?'],
    ['', 'hello, please'],
  ])('say %s', (label, text) => expect(createIntents().of(text).label).toBe(label));
  it('put requests without a known verb beside the nearest one', () => {
    const { of: intentOf } = createIntents();
    expect(intentOf('visa embassy passport').label).toBe(intentOf('passport, visa, embassy?').label);
    expect(intentOf('lunch menu vegetarian').label).not.toBe(intentOf('visa embassy passport').label);
  });
  it('are the same after a restore, wherever it lies', () => {
    const request = fc.constantFrom(
      'cancel boat',
      'visa embassy',
      'lunch menu',
      'menu lunch vegan',
      'embassy visa',
      'refund',
      'shovel',
    );
    fc.assert(
      fc.property(fc.array(request, { maxLength: 20 }), fc.nat(20), fc.integer({ min: 1, max: 5 }), (requests, cut, max) => {
        const whole = createIntents({ max });
        const before = createIntents({ max });
        const expected = requests.map((text) => whole.of(text).label);
        const got = requests.slice(0, cut).map((text) => before.of(text).label);
        const after = createIntents({ max, restored: before.changes().reverse() });
        expect([...got, ...requests.slice(cut).map((text) => after.of(text).label)]).toEqual(expected);
      }),
    );
  });
  it('are bounded', () => {
    const { of: intentOf } = createIntents({ max: 3 });
    const labels = ['cancel a boat', 'cancel a car', 'cancel a bike', 'cancel a plane', 'gardening shovel'].map(
      (text) => intentOf(text).label,
    );
    expect(labels).toEqual(['cancel boat', 'cancel car', 'cancel bike', 'cancel', 'other']);
  });
});

describe('the outcome of a turn', () => {
  let clock = 0;
  const event = (fields: Partial<TurnEvent>): TurnEvent => ({
    id: `e${++clock}`,
    kind: 'llm',
    ts: new Date(clock).toISOString(),
    parent_span_id: '',
    status: 'ok',
    error_type: '',
    error_message: '',
    tool_name: '',
    input: '',
    output: '',
    finish_reasons: [],
    ...fields,
  });
  const factsIn = (events: readonly TurnEvent[]): OutcomeFacts =>
    events.reduce((facts, one) => joinOutcomeFacts(facts, outcomeFactsOf(one)), NO_OUTCOME);
  const ask = event({ input: 'cancel it', output: '[{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]}]' });
  const answer = event({ output: '[{"role":"assistant","parts":[{"type":"text","content":"Done, it is cancelled."}]}]' });
  const failedTool = event({ kind: 'tool', tool_name: 'cancel', status: 'error', error_type: 'Timeout' });
  it.each<[TurnEvent[], string, string]>([
    [[ask, answer], 'answered', 'last words'],
    [[ask, failedTool, event({ output: 'It works now.' })], 'answered', 'last words'],
    [[ask, failedTool], 'error', 'Timeout'],
    [[ask, event({ kind: 'turn', status: 'error', error_type: 'Crash' })], 'error', 'Crash'],
    [[ask, event({ kind: 'tool', tool_name: 'cancel' })], 'abandoned', 'no answer'],
    [
      [ask, event({ kind: 'tool', tool_name: 'transfer_to_human_agents' }), event({ output: 'You will be called.' })],
      'transferred',
      'transfer_to',
    ],
    [[event({ input: 'x', output: "I'm sorry, but I can't help with that." })], 'refused', 'help'],
    [[event({ input: 'x', output: 'Es tut mir leid, aber dabei kann ich Ihnen nicht helfen.' })], 'refused', 'helfen'],
    [[event({ input: 'x', output: 'Leider kann ich Ihre Buchung nicht finden.' })], 'answered', 'last words'],
    [[event({ input: 'x', output: 'Je suis désolé, mais je ne peux pas vous aider avec cela.' })], 'refused', 'aider'],
    [[event({ input: 'x', output: 'Lo siento, pero no puedo ayudar con eso.' })], 'refused', 'ayudar'],
    [[event({ input: 'x', output: 'Mi dispiace, ma non posso aiutarti con questo.' })], 'refused', 'aiutar'],
    [[event({ input: 'x', output: 'Desculpe, mas não posso ajudar com isso.' })], 'refused', 'ajud'],
    [[event({ input: 'x', output: 'Sorry, maar daar kan ik je niet mee helpen.' })], 'refused', 'helpen'],
    [[event({ input: 'x', output: '很抱歉，我无法协助处理该请求。' })], 'refused', '无法'],
    [[event({ input: 'x', output: '申し訳ありませんが、そのご要望にはお答えできません。' })], 'refused', '申し訳'],
    [[event({ input: 'x', output: 'No puedo encontrar su reserva.' })], 'answered', 'last words'],
    [[event({ input: 'x', finish_reasons: ['content_filter'] })], 'refused', 'content_filter'],
    [[event({ kind: 'agent', output: 'Your seat is 14C.' }), ask], 'answered', 'last words'],
    [[event({ kind: 'log', input: '' })], 'unknown', 'no content'],
    [[event({})], 'unknown', 'no content'],
    [[], 'unknown', 'no content'],
  ])('%#: is reported with its evidence, in any order of events', (events, outcome, why) => {
    for (const order of [events, [...events].reverse()]) {
      const found = outcomeOf(factsIn(order));
      expect(found.outcome).toBe(outcome);
      expect(found.evidence.why).toContain(why);
    }
  });
  it('is reported from facts that join in any grouping, and say the same when said again', () => {
    const pool = [
      ask,
      answer,
      failedTool,
      event({ kind: 'turn', output: 'Bye.' }),
      event({ kind: 'tool', tool_name: 'escalate' }),
    ];
    const facts = fc.subarray(pool).map(factsIn);
    fc.assert(
      fc.property(facts, facts, facts, (a, b, c) => {
        expect(joinOutcomeFacts(joinOutcomeFacts(a, b), c)).toEqual(joinOutcomeFacts(a, joinOutcomeFacts(b, c)));
        expect(joinOutcomeFacts(a, b)).toEqual(joinOutcomeFacts(b, a));
        expect(joinOutcomeFacts(a, a)).toEqual(a);
      }),
    );
  });
});
