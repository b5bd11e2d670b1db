import fc from 'fast-check';
import { createRedactionCounts, redactText, redactValue, type Mode } from '.';
import { isTechnical } from './field-names';
import { findJson, rewriteJson } from './json-text';

const text = (said: string, mode: Mode = 'prose'): string => redactText(said, createRedactionCounts(), mode);

describe('JSON in text', () => {
  it('is read by key: names are masked, and numbers of things are not', () => {
    const said = `{"order_id": "W4817420", "item_ids": [1008292230, "4107812777"], "price": 1299.9900, "tracking": {"number": 4155552671},
      "first_name": "Yusuf", "address": {"zip": "19122"}, "phone": "4155552671", "card": "4111111111111111", "api_key": "s3cr3t-v4lue"}`;
    expect(text(said))
      .toBe(`{"order_id": "W4817420", "item_ids": [1008292230, "4107812777"], "price": 1299.9900, "tracking": {"number": 4155552671},
      "first_name": "[PERSON]", "address": {"zip": "[ADDRESS]"}, "phone": "[PHONE]", "card": "[CARD]", "api_key": "[SECRET]"}`);
  });

  it.each<Mode>(['prose', 'content'])('is read by key in %s too when it stands between words, or as text in JSON', (mode) => {
    const json = '{"product_id":"9523456873","email":"mia@example.com"}';
    const masked = '{"product_id":"9523456873","email":"[EMAIL]"}';
    expect(text(`Found ${json} and ${json}.`, mode)).toBe(`Found ${masked} and ${masked}.`);
    expect(text(JSON.stringify({ content: json }), mode)).toBe(JSON.stringify({ content: masked }));
    expect(text(JSON.stringify([{ content: JSON.stringify({ of: json }) }]), mode)).toBe(
      JSON.stringify([{ content: JSON.stringify({ of: masked }) }]),
    );
  });

  it.each([
    '{"a": 1e5, "b": 12345678901234567890, "c": -0.10, "d": "\\u0041\\/", "a": true, "e": [], "f": {}}',
    '[ "x" ,\n\t{"y":null} ]',
    '{"k":"{\\"broken\\": "}',
    'use {"curly" braces} or ["lists"',
    '{"unfinished": "te',
  ])('stays as it was written where nothing is to be masked: %s', (said) => expect(text(said)).toBe(said));

  it('that cannot be read is read as words', () => {
    expect(text('{"to": "mia@example.com", oops')).toBe('{"to": "[EMAIL]", oops');
    expect(text(`${'[{"a":'.repeat(200)}"mia@example.com"`)).toContain('[EMAIL]');
    expect(text('{"a" '.repeat(2_000) + 'mia@example.com')).toContain('[EMAIL]');
  });

  it('in more pieces than anybody writes is read as words', () => {
    const many = '{"id":"4155552671"} '.repeat(600);
    expect(findJson(many)).toHaveLength(500);
    expect(text(`${many} for mia@example.com`)).toContain('for [EMAIL]');
  });

  it('is found with its end, also behind brackets in its texts', () => {
    const json = '{"a":"}","b":["\\"]",{}]}';
    expect(findJson(`see ${json}}`)).toEqual([[4, 4 + json.length]]);
    expect(findJson('no {json} [here] {1}')).toEqual([]);
  });

  it('becomes what the same value becomes that is no text', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.double({ noDefaultInfinity: true, noNaN: true }), fc.constantFrom('mia@example.com', 'call 415-555-2671', null, true)); // prettier-ignore
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(leaf, fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(fc.constantFrom('user_id', 'phone', 'id', 'password', 'note', '"x\\'), tie('value'), { maxKeys: 4 })), // prettier-ignore
    }));
    fc.assert(
      fc.property(fc.record({ root: value }), (sent) => {
        const json = JSON.stringify(sent);
        const masked = text(json);
        expect(JSON.parse(masked)).toEqual(redactValue(JSON.parse(json), createRedactionCounts(), 'prose'));
        expect(text(masked)).toBe(masked);
      }),
    );
  });

  it('is rewritten value by value, each with the key it stands under', () => {
    const seen: unknown[] = [];
    rewriteJson('{"a":[1,{"b":"x"}],"c":2.50}', {
      value: (value, name) => seen.push([name, value]) && value,
      key: (key) => key,
    });
    expect(seen).toEqual([['a', 1], ['b', 'x'], ['c', '2.50']]); // prettier-ignore
  });
});

describe('numbers of things', () => {
  it.each([
    ['id', '4155552671'], ['orderId', '#W4817420'], ['product_ids', '9523456873'], ['tracking_number', '971442044263'], ['productid', '4155552671'], ['unit-price', '4,155,552.67'], ['created_at', '1717171717171'], ['confirmationCode', 'AB4155552671'],
  ])('are known by %s', (name, value) => expect(isTechnical(name, value)).toBe(true)); // prettier-ignore
  it.each([
    ['phone_number', '4155552671'], ['number', '4155552671'], ['card_number', '4111111111111111'], ['id', '415-555-2671'], ['id', '078-05-1120'], ['id', '+1-415-555-2671'], ['id', '4111 1111 1111 1111'], ['order_id', 'of mia 7'], ['paid_by', '4155552671'], ['valid', '4155552671'],
  ])('are not taken for such by %s with %s', (name, value) => expect(isTechnical(name, value)).toBe(false)); // prettier-ignore
});
