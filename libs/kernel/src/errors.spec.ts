import { errorCodeOf, FencedError, isFenced, isPermanent, isTransient, messageOf, PermanentError, TelltaleError, TransientError } from './errors'; // prettier-ignore
import { failure, success } from './result';

const cause = new Error('why');
const ERRORS = {
  TransientError: new TransientError('unavailable', 'down', { cause }),
  PermanentError: new PermanentError('rejected', 'wrong', { cause }),
  FencedError: new FencedError('taken over', { cause }),
  Error: new Error('a bug'),
};

describe('errors', () => {
  it.each(Object.entries(ERRORS))('%s says its name and is of one class', (name, error) => {
    expect(error.name).toBe(name);
    const classes = { TransientError: isTransient(error), PermanentError: isPermanent(error), FencedError: isFenced(error) };
    expect(Object.entries(classes).flatMap(([of, is]) => (is ? [of] : []))).toEqual(name === 'Error' ? [] : [name]);
  });

  it('keep code, message and cause', () => {
    const { TransientError: transient, PermanentError: permanent, FencedError: fenced } = ERRORS;
    expect([transient, permanent, fenced].map(({ code, message, cause: of }) => [code, message, of])).toEqual([
      ['unavailable', 'down', cause],
      ['rejected', 'wrong', cause],
      ['fenced', 'taken over', cause],
    ]);
    expect(new TelltaleError('config', 'x').cause).toBeUndefined();
  });

  it.each([
    [cause, 'why'],
    ['text', 'text'],
    [null, 'null'],
    [7, '7'],
  ])('the message of %j is %s', (thrown, message) => expect(messageOf(thrown)).toBe(message));

  it.each([
    [{ code: 'ENOENT' }, 'ENOENT'],
    [new PermanentError('config', 'x'), 'config'],
    [new Error('x'), undefined],
    ['code', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('the code of %j is %s', (thrown, code) => expect(errorCodeOf(thrown)).toBe(code));

  it('results are one of two', () => {
    expect([success(1), failure('no')]).toEqual([
      { ok: true, value: 1 },
      { ok: false, error: 'no' },
    ]);
  });
});
