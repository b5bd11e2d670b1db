import { newTestDirective } from '../gateway.fixture';
import { readSet, UnreadableSet } from './read-set';

const now = '2026-03-02T12:00:01.000Z';
const answer = (directive: object, more: object = {}): string =>
  JSON.stringify({ now, set_hash: 'h1', directives: [newTestDirective({ expires_at: '2026-03-02T12:10:01.000Z', ...directive })], ...more }); // prettier-ignore
const errorOf = (text: string): unknown => {
  try {
    return readSet(text);
  } catch (error) {
    return error;
  }
};

describe('an answer of the gateway', () => {
  it('is read as a whole, with how long each directive lives', () => {
    const target = { service_name: 'shop', logger: 'shop.db', user: { salt: 's', sha256: 'a'.repeat(64) }, trace_hash: { from: 0, to: 0.5 } }; // prettier-ignore
    const set = { min_severity: 'trace', keep: 0.5, content: 'metadata', flush: true };
    expect(readSet(answer({ target, set, limits: { records_per_s: 5, bytes_per_min: 9 } }))).toEqual({
      hash: 'h1',
      directives: [
        {
          id: 'd1', class: 'boost', priority: 0, version: 1, target: { ...target, hasUnknownField: false }, set,
          limits: { records_per_s: 5, bytes_per_min: 9 }, livesMs: 600_000,
        }, // prettier-ignore
      ],
    });
  });

  it('may say more than is known', () => {
    const { directives } = readSet(answer({ colour: 'red', set: { min_severity: 'debug', shape: 1 } }, { also: 1 }));
    expect(directives[0]).toMatchObject({ set: { min_severity: 'debug' } });
  });

  it.each([
    ['boost', 1],
    ['restrict', 30],
  ])('lets no %s live longer than %s days', (name, days) => {
    const { directives } = readSet(answer({ class: name, expires_at: '2027-01-01T00:00:00Z' }));
    expect(directives[0]?.livesMs).toBe(days * 86_400_000);
  });

  it('takes the later of two with one id', () => {
    const two = [newTestDirective({ version: 1 }), newTestDirective({ version: 2 })];
    expect(readSet(answer({}, { directives: two })).directives.map(({ version }) => version)).toEqual([2]);
  });

  it.each([
    ['no JSON', '{', 'answer is not JSON', ''],
    ['a list', '[]', 'answer must be an object', ''],
    ['no hash', '{"directives":[]}', 'set_hash must be text', ''],
    ['no time', '{"set_hash":"h1","directives":[]}', 'now must be a time in ISO 8601', 'h1'],
    ['no list', answer({}, { directives: {} }), 'directives must be a list', 'h1'],
    ['an unknown class', answer({ class: 'push' }), 'directives[0].class must be boost or restrict', 'h1'],
    ['a priority too high', answer({ priority: 101 }), 'directives[0].priority must be a number from 0 to 100', 'h1'],
    ['no end', answer({ expires_at: undefined }), 'directives[0].expires_at must be a time in ISO 8601', 'h1'],
    ['no target', answer({ target: null }), 'directives[0].target must be an object; {} is everything', 'h1'],
    ['a number as a name', answer({ target: { name: 3 } }), 'directives[0].target.name must be text', 'h1'],
    ['a user by name', answer({ target: { user: { salt: '', sha256: 'mia' } } }), 'directives[0].target.user.sha256 must be 64 lower-case hexadecimal digits', 'h1'], // prettier-ignore
    ['a range the wrong way', answer({ target: { trace_hash: { from: 0.5, to: 0.1 } } }), 'directives[0].target.trace_hash.to must be a number from `from` to 1', 'h1'], // prettier-ignore
    ['nothing to change', answer({ set: {} }), 'directives[0].set must be an object with at least one field', 'h1'],
    ['an unknown severity', answer({ set: { min_severity: 'loud' } }), 'directives[0].set.min_severity must be one of trace, debug, info, warn, error, fatal', 'h1'], // prettier-ignore
    ['a share of none', answer({ set: { keep: 0 } }), 'directives[0].set.keep must be a number over 0 and at most 1', 'h1'],
    [
      'an unknown content',
      answer({ set: { content: 'some' } }),
      'directives[0].set.content must be one of none, metadata, full',
      'h1',
    ],
    ['a flush of text', answer({ set: { flush: 'yes' } }), 'directives[0].set.flush must be true or false', 'h1'],
    ['a negative limit', answer({ limits: { records_per_s: -1 } }), 'directives[0].limits.records_per_s must be a number, 0 or more', 'h1'], // prettier-ignore
  ])('is refused with the field for %s', (_, text, message, hash) => {
    const error = errorOf(text);
    expect(error).toBeInstanceOf(UnreadableSet);
    expect(error).toMatchObject({ message, hash });
  });
});
