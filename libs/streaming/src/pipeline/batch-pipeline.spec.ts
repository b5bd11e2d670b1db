import { type LogRecord } from '../ports/broker';
import { type Rejection } from '../processor/task-processor';
import { adding, createBatchPipeline, type Reject, reportResult, type Step } from './batch-pipeline';
import { dlq, drop, ok } from './results';
import { createStepTimer, type StepTimer } from './step-timer';

interface Ctx {
  readonly timer?: StepTimer;
  readonly factor: number;
}
interface Word {
  readonly body: string;
  readonly word: string;
}
type Redacted = { readonly redacted: string };
type Serialized = { readonly json: string };

const rejected = (value: string, { reason, step, error }: Parameters<Reject<unknown>>[1]): Rejection => ({
  record: { value: Buffer.from(value) } as LogRecord,
  reason,
  step,
  error,
  tenant: 't',
});
const shown = ({ record, reason, step, error }: Rejection): string => `${String(record.value)} ${reason} ${step} ${error}`;

/** A body of words; each word becomes an item. */
function words(body: string) {
  if (body === '') return drop('empty');
  if (body.includes('?')) return dlq('undecodable', 'a body has no question marks');
  return ok(body.split(' ').map((word): Word => ({ body, word })));
}
const createRedactStep = (): Step<Word, Redacted, Ctx> => {
  return function redact(item) {
    if (item.word === 'secret') return dlq('invalid_field', 'word: must not be secret');
    if (item.word === 'bug') throw new RangeError('the word was bug');
    if (item.word === 'twice') return drop('duplicate');
    return ok(adding(item, { redacted: item.word.slice(0, 1) }));
  };
};
const createSerializeStep = (): Step<Redacted, Serialized, Ctx> => {
  return function serialize(item, { factor }) {
    return ok(adding(item, { json: JSON.stringify(item.redacted.repeat(factor)) }));
  };
};
const start = () => createBatchPipeline<string, Ctx>(rejected).expand(words, (item, failure) => rejected(item.word, failure));
const ctx = { factor: 2 };

describe('a batch pipeline', () => {
  const pipeline = start().pipe(createRedactStep()).pipe(createSerializeStep());
  const run = (...bodies: string[]) => {
    const { passed, rejections, dropped } = pipeline.run(bodies, ctx) as Exclude<
      ReturnType<typeof pipeline.run>,
      Promise<unknown>
    >;
    return { json: passed.map(({ json }) => json), rejections: rejections.map(shown), dropped };
  };

  it('passes every item through every step, in order', () => {
    expect(pipeline.stepNames).toEqual(['words', 'redact', 'serialize']);
    expect(run('one two', 'three')).toEqual({ json: ['"oo"', '"tt"', '"tt"'], rejections: [], dropped: {} });
  });

  it('counts dropped items by reason and continues with the rest', () => {
    expect(run('', 'one twice', 'twice')).toEqual({
      json: ['"oo"'],
      rejections: [],
      dropped: { dropped_empty: 1, dropped_duplicate: 2 },
    });
  });

  it('rejects the whole record when it fails before expand, and only the part after it', () => {
    expect(run('what?', 'a secret b')).toEqual({
      json: ['"aa"', '"bb"'],
      rejections: [
        'what? undecodable words a body has no question marks',
        'secret invalid_field redact word: must not be secret',
      ],
      dropped: {},
    });
  });

  it('expands only records that have not failed, and rejects a failed one as a whole', () => {
    const checked = createBatchPipeline<string, Ctx>(rejected)
      .pipe(function check(body) {
        return body.includes('!') ? dlq('undecodable', 'a body does not shout') : ok(body);
      })
      .expand(words, (item, failure) => rejected(item.word, failure));
    const { passed, rejections, dropped } = checked.runSync(['a b', 'oh! no?', '!', ''], ctx);
    expect(passed.map(({ word }) => word)).toEqual(['a', 'b']);
    expect(rejections.map(shown)).toEqual(['oh! no?', '!'].map((body) => `${body} undecodable check a body does not shout`));
    expect(dropped).toEqual({ dropped_empty: 1 });
  });

  it('rejects an item whose step throws, with the class of the error and without its message', () => {
    expect(run('a bug')).toMatchObject({ json: ['"aa"'], rejections: ['bug step_failed redact RangeError'] });
  });

  it('rejects an item whose step throws something that is no error, with its type', () => {
    const broken = start().pipe(function breaks(item) {
      AbortSignal.abort('text').throwIfAborted();
      return ok(item);
    });
    expect(broken.runSync(['a'], ctx).rejections.map(shown)).toEqual(['a step_failed breaks string']);
  });

  it('does not compile with the steps in the wrong order', () => {
    // @ts-expect-error serialize needs what redact adds
    expect(() => start().pipe(createSerializeStep()).run(['a'], ctx)).not.toThrow();
  });

  it('rejects a step without a name, because the name is its metric label', () => {
    expect(() => start().pipe((item: Word) => ok(item))).toThrow(/named function/);
    expect(() => start().gather((items) => items)).toThrow(/named function/);
    expect(() => start().expand((item: Word) => ok([item]), () => rejected('', { reason: 'step_failed', step: '', error: '' }))).toThrow(/named function/);
  }); // prettier-ignore

  it('names a step as its source does, whatever number a bundler put behind it', () => {
    const fails = { words2: () => dlq('undecodable', 'no words') }.words2;
    const { rejections } = createBatchPipeline<string, object, Rejection>(rejected).pipe(fails).runSync(['a'], {});
    expect(rejections.map(({ step }) => step)).toEqual(['words']);
  });

  it('is not changed by what is added to it', () => {
    const base = start();
    const [redacting] = [base.pipe(createRedactStep()), base.together(({ body }) => body)];
    expect([base.stepNames, redacting.stepNames]).toEqual([['words'], ['words', 'redact']]);
    expect(base.runSync(['a secret'], ctx).passed.map(({ word }) => word)).toEqual(['a', 'secret']);
  });
});

describe('the report of a batch', () => {
  it('passes on every rejection, and every count of drops', () => {
    const { rejections, dropped } = start().pipe(createRedactStep()).runSync(['', 'twice secret bug', ''], ctx);
    const reported: string[] = [];
    reportResult(
      { rejections, dropped },
      {
        reject: (rejection) => void reported.push(shown(rejection)),
        count: (what, by) => void reported.push(`${what} ${by}`),
      },
    );
    expect(reported).toEqual([
      'secret invalid_field redact word: must not be secret',
      'bug step_failed redact RangeError',
      'dropped_empty 2',
      'dropped_duplicate 1',
    ]);
  });
});

describe('items grouped by together()', () => {
  const pipeline = start()
    .pipe(createRedactStep())
    .together(({ body }) => body)
    .pipe(createSerializeStep());

  it('pass as a group or not at all; a failed group is rejected once, for its first failure', () => {
    const { passed, rejections } = pipeline.runSync(['a secret bug b', 'c d'], ctx);
    expect(pipeline.stepNames).toEqual(['words', 'redact', 'serialize']);
    expect(passed.map(({ json }) => json)).toEqual(['"cc"', '"dd"']);
    expect(rejections.map(shown)).toEqual(['secret invalid_field redact word: must not be secret']);
  });
});

describe('a gather step', () => {
  const lengths = (items: readonly Word[]) => items.map((item) => adding(item, { of: items.length }));
  it('gets all items that have not failed at once, and may be synchronous', () => {
    const result = start().gather(function count(items) { return lengths(items); }).run(['a b', 'c'], ctx); // prettier-ignore
    expect(result).toMatchObject({ passed: [{ word: 'a', of: 3 }, { of: 3 }, { of: 3 }] });
  });

  it('does not get items that have failed, which are rejected before it', () => {
    const pipeline = start().pipe(createRedactStep()).gather(function count(items) { return lengths(items); }); // prettier-ignore
    expect(pipeline.stepNames).toEqual(['words', 'redact', 'count']);
    const { passed, rejections } = pipeline.runSync(['a secret b'], ctx);
    expect(passed).toMatchObject([{ word: 'a', of: 2 }, { word: 'b', of: 2 }]); // prettier-ignore
    expect(rejections).toHaveLength(1);
  });

  it('that returns a promise runs once, after the steps before it and before those after it', async () => {
    const ran: string[] = [];
    const later = (name: string) => {
      const step = {
        [name]: async (items: readonly Word[]) => {
          await Promise.resolve();
          ran.push(name);
          return items;
        },
      }[name];
      return step as NonNullable<typeof step>;
    };
    const { passed } = await start().gather(later('first')).gather(later('second')).run(['a b'], ctx);
    expect([ran, passed.length]).toEqual([['first', 'second'], 2]);
  });

  it('may return a promise, which makes the whole run asynchronous', async () => {
    const waiting = start()
      .gather(function count(items) { return Promise.resolve(lengths(items)); })
      .pipe(createRedactStep())
      .run(['a secret'], ctx); // prettier-ignore
    expect(waiting).toBeInstanceOf(Promise);
    const { passed, rejections } = await waiting;
    expect(passed).toMatchObject([{ word: 'a', of: 2, redacted: 'a' }]);
    expect(rejections.map(shown)).toEqual(['secret invalid_field redact word: must not be secret']);
    expect(() =>
      start()
        .gather(function wait(items) {
          return Promise.resolve(items);
        })
        .runSync(['a'], ctx),
    ).toThrow('returned a promise');
  });

  it('may remove and add items', () => {
    const pipeline = start().gather(function last(items) { return [...items.slice(-1), { body: '', word: 'made' }]; }); // prettier-ignore
    expect(pipeline.run(['a b'], ctx)).toMatchObject({ passed: [{ word: 'b' }, { word: 'made' }] });
  });
});

describe('the timer of a batch pipeline', () => {
  const pipeline = start()
    .pipe(createRedactStep())
    .gather(function gatherThem(items) {
      return Promise.resolve(items);
    })
    .pipe(createSerializeStep());

  const newTestTimer = () => {
    let ms = 0;
    const pass = (by: number): void => void (ms += by);
    return { timer: createStepTimer({ monotonic: () => ms }), pass };
  };

  it('measures steps over all items, and divides what steps that take turns need by what they need for some items', async () => {
    const { timer, pass } = newTestTimer();
    const timed = createBatchPipeline<string, Ctx>(rejected)
      .expand(
        function split(body) {
          pass(1);
          return words(body);
        },
        (item, failure) => rejected(item.word, failure),
      )
      .pipe(function first(item) {
        pass(3);
        return ok(item);
      })
      .pipe(function second(item) {
        pass(1);
        return ok(item);
      })
      .gather(function gatherThem(items) {
        pass(7);
        return Promise.resolve(items);
      });
    const bodies = Array.from({ length: 50 }, () => 'one two');
    await timed.run(bodies, { ...ctx, timer });
    expect(timer.take()).toEqual([['split', 50], ['first', 300], ['second', 100], ['gatherThem', 7]]); // prettier-ignore
    expect(timer.take()).toEqual([]);
  });

  it('divides evenly where no item of the sample came through', async () => {
    const { timer } = newTestTimer();
    await pipeline.run(['?'], { ...ctx, timer });
    expect(timer.take().map(([step]) => step)).toEqual(['words', 'redact', 'gatherThem', 'serialize']);
  });
});
