import fc from 'fast-check';
import { createRedactionCounts, createSubjects, redactField, redactIdentifier, redactName, redactText, redactValue } from '.';
import { isSubjectName } from './subjects';

const pseudonymOf = (id: string): string => `u_${[...id].map((c) => c.charCodeAt(0).toString(26)).join('')}`;
const PSEUDONYM = pseudonymOf('customer_9620');

/** What is stored of a value in an event whose user is `customer_9620`. */
function stored(value: unknown, user: string | null = 'customer_9620'): string {
  const subjects = createSubjects(pseudonymOf);
  if (user !== null) subjects.add(user);
  subjects.collect(value);
  return redactField('', value, createRedactionCounts({ subjects }), 'prose');
}

describe('keys of subjects', () => {
  it.each([
    'user_id', 'userId', 'userID', 'user.id', 'enduser.id', 'end_user_id', 'app.customer_id', 'customerId', 'customer-id', 'x.member_id', 'patient_identifier', 'guest_uuid', 'user_name', 'username', 'forUserId', 'gen_ai.user', 'user.account_id', 'user.account_uuid', 'user_account_id', 'user.email',
  ])('%s is one', (name) => expect(isSubjectName(name)).toBe(true)); // prettier-ignore
  it.each(['id', 'order_id', 'product_id', 'tool_call_id', 'user', 'user_agent', 'username_hint', 'superuser_idle', 'customer', 'account_id', 'client_id'])(
    '%s is none', (name) => expect(isSubjectName(name)).toBe(false)); // prettier-ignore
});

describe('ids of subjects', () => {
  it.each([
    ['an object', { user_id: 'customer_9620' }, `{"user_id":"${PSEUDONYM}"}`],
    ['another field', { owner: 'customer_9620' }, `{"owner":"${PSEUDONYM}"}`],
    ['one word', 'customer_9620', PSEUDONYM],
    ['a list', ['customer_9620', 3], `["${PSEUDONYM}",3]`],
    ['JSON in text', '{"user_id": "customer_9620"}', `{"user_id": "${PSEUDONYM}"}`],
    ['a sentence', 'no order of customer_9620, it says.', `no order of ${PSEUDONYM}, it says.`],
    ['a URL', 'GET /users/customer_9620/orders', `GET /users/${PSEUDONYM}/orders`],
    ['messages', [{ content: 'I am customer_9620' }], `[{"content":"I am ${PSEUDONYM}"}]`],
  ])('are replaced in %s', (_, value, expected) => {
    expect(stored(value)).toBe(expected);
  });

  it.each([
    ['an object', { customerId: 'mia_li_3668', note: 'for mia_li_3668' }],
    ['text of JSON', '{"customer_id":"mia_li_3668","note":"for mia_li_3668"}'],
    ['text of JSON in JSON', { content: '{\\"user_id\\": \\"mia_li_3668\\"} mia_li_3668' }],
    ['pairs', 'user_id=mia_li_3668&x=1, then mia_li_3668'],
    ['a sentence', 'My user_id: mia_li_3668. Who is mia_li_3668?'],
    ['a call in code', "get_user(user_id='mia_li_3668') # mia_li_3668"],
  ])('are known by their key in %s, and then replaced everywhere', (_, value) => {
    const text = stored(value, null);
    expect(text).not.toContain('mia_li_3668');
    expect(text.split(pseudonymOf('mia_li_3668'))).toHaveLength(3);
  });

  it('are replaced under their key also when they are numbers or plain words', () => {
    expect(stored({ user_id: 42, count: 42 })).toBe(`{"user_id":"${pseudonymOf('42')}","count":42}`);
    expect(stored({ username: 'order', say: 'an order' })).toBe(`{"username":"${pseudonymOf('order')}","say":"an order"}`);
  });

  it('that are long numbers are replaced as values, and JSON stays JSON', () => {
    const said = JSON.parse(stored({ customer_id: 48213377, rows: [48213377, 1] })) as object;
    expect(said).toEqual({ customer_id: pseudonymOf('48213377'), rows: [pseudonymOf('48213377'), 1] });
  });

  it('are replaced where they are all there is, and look like a word of programs', () => {
    expect(stored('mia_li', 'mia_li')).toBe(pseudonymOf('mia_li'));
  });

  it('are not taken for a part of another word', () => {
    expect(stored('customer_96201 and xcustomer_9620')).toBe('customer_96201 and xcustomer_9620');
    expect(stored({ user_id: 'customer_96201', say: 'customer_96201 of customer_9620' }, 'customer_9620')).toBe(
      `{"user_id":"${pseudonymOf('customer_96201')}","say":"${pseudonymOf('customer_96201')} of ${PSEUDONYM}"}`,
    );
  });

  it('leave sentences, secrets and empty values under their keys to the other rules', () => {
    const value = { user_id: '', username: 'the name of a person', customer_id: null };
    expect(stored(value, null)).toBe('{"user_id":"","username":"the name of a person","customer_id":null}');
  });

  it('do not change ids of other things and names of services, which must be the same in all events', () => {
    const subjects = createSubjects(pseudonymOf);
    subjects.add('customer_9620');
    const counts = createRedactionCounts({ subjects });
    expect(redactIdentifier('customer_9620-3', counts, () => 'x')).toBe('customer_9620-3');
    expect(redactName('shop-customer_9620', counts)).toBe('shop-customer_9620');
  });

  it('are replaced in keys, whether an event before had the key or not', () => {
    const value = { customer_9620: 1 };
    expect(redactValue(value, createRedactionCounts())).toEqual(value);
    expect(stored(value)).toBe(`{"${PSEUDONYM}":1}`);
  });

  it('of many are bounded in texts, but each is replaced under its key', () => {
    const rows = Array.from({ length: 200 }, (_, i) => ({ user_id: `person_${i}_` }));
    expect(stored(rows, null)).not.toContain('person_');
  });

  it('never stand in what is stored of a value that names them', () => {
    const id = fc.stringMatching(/^[a-z]{2,6}_[0-9]{3,6}$/);
    const word = fc.stringMatching(/^[a-z ]{0,12}$/);
    fc.assert(
      fc.property(id, word, word, (user, before, after) => {
        const text = `${before} ${user} ${after}`;
        expect(stored({ say: text, deep: [{ user_id: user }], json: JSON.stringify({ of: user, text }) }, null)).not.toContain(
          user,
        );
        expect(redactText(text, createRedactionCounts())).toContain(user);
      }),
    );
  });
});

describe('ids that events before named', () => {
  const known = [{ pseudonym: PSEUDONYM, length: 'customer_9620'.length }, { pseudonym: pseudonymOf('mia@example.com'), length: 15 }]; // prettier-ignore
  const later = (value: unknown): string => {
    const subjects = createSubjects(pseudonymOf, known);
    subjects.collect(value);
    return redactField('', value, createRedactionCounts({ subjects }), 'prose');
  };
  it.each([
    ['a sentence', 'no order of customer_9620, it says', `no order of ${PSEUDONYM}, it says`],
    ['the end of one', 'it is customer_9620', `it is ${PSEUDONYM}`],
    ['an address', 'write to mia@example.com!', `write to ${pseudonymOf('mia@example.com')}!`],
    ['an object', { said: 'customer_9620' }, `{"said":"${PSEUDONYM}"}`],
    ['part of a word, which is another', 'no order of customer_96201 or xcustomer_9620', 'no order of customer_96201 or xcustomer_9620'],
    ['another id of that length', 'no order of customer_9621', 'no order of customer_9621'],
  ])('are replaced in %s', (_, value, expected) => {
    expect(later(value)).toBe(expected);
  }); // prettier-ignore
  it('are kept by pseudonym and length, and only those that stand for nothing else', () => {
    const subjects = createSubjects(pseudonymOf);
    subjects.collect({ user_id: 'customer_9620', username: 'order', customer_id: 42 });
    expect(subjects.known()).toEqual([known[0]]);
  });
  it('are found wherever they would be replaced, had their event come first', () => {
    const piece = fc.constantFrom('customer_9620', 'mia@example.com', 'customer_', ' ', '/', 'a', '9', '\n', ',', 'é');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const at = createSubjects(pseudonymOf);
        at.add('customer_9620');
        at.add('mia@example.com');
        const after = createSubjects(pseudonymOf, known);
        const text = pieces.join('');
        after.collect(text);
        expect(after.replaceIn(text)).toBe(at.replaceIn(text));
      }),
      { numRuns: 500 },
    );
  });
  it('of a text with very many words are looked for in the first 256 that could be one', () => {
    const others = Array.from({ length: 300 }, (_, i) => `customer_${1_000 + i}`).join(' ');
    expect(later(`customer_9620 ${others}`)).not.toContain('customer_9620');
    expect(later(`${others} customer_9620`)).toContain('customer_9620');
  });
});
