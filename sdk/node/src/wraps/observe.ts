import { type Client } from '../client';
import { type OperationOptions, type RunningOperation } from '../operation';
import { isPromiseLike } from '../scope';
import { type Collector, fieldsOf, type Finding, type Reader } from './reading';

/** A call that is looked at while it goes on. Reading it never fails the call. */
export interface Watched {
  readonly running: RunningOperation;
  found(read: () => Finding): void;
  failed(error: unknown): void;
  collect(): Collector;
}

const swallow = (fn: () => void): void => {
  try {
    fn();
  } catch {
    return;
  }
};

/** Begins the operation of a call of a model. */
export function watch(client: Client, provider: string, reader: Reader, body: unknown): Watched {
  const began = performance.now();
  let options: OperationOptions = {};
  swallow(() => {
    const { fields, input } = reader.request(fieldsOf(body));
    options = { ...fields, input };
  });
  const verb = reader.kind === 'llm' ? 'chat' : 'embed';
  const name = options.request_model ? `${verb} ${options.request_model}` : verb;
  const running = client.begin({ ...options, kind: reader.kind, name, provider });
  const found = (read: () => Finding): void => {
    swallow(() => {
      const { fields, output } = read();
      running.set(fields);
      running.setOutput(output);
    });
    running.end();
  };
  return {
    running,
    found,
    failed(error) {
      running.fail(error);
      running.end();
    },
    collect() {
      const collector = reader.collect();
      let isFirst = true;
      return {
        ...collector,
        take: (piece) =>
          swallow(() => {
            if (isFirst && collector.isToken(piece)) {
              isFirst = false;
              running.set({ time_to_first_token_ms: Math.round((performance.now() - began) * 1_000) / 1_000 });
            }
            collector.take(piece);
          }),
      };
    },
  };
}

/** Passes a stream on, and ends the operation with it: at its end, when it fails, and when nobody wants more of it. */
async function* pass(source: AsyncIterator<unknown>, watched: Watched): AsyncGenerator<unknown> {
  const collector = watched.collect();
  let isOver = false;
  try {
    for (;;) {
      const { done, value } = await source.next();
      if (done) {
        isOver = true;
        return;
      }
      collector.take(value);
      yield value;
    }
  } catch (error) {
    watched.running.fail(error);
    isOver = true;
    throw error;
  } finally {
    watched.found(() => collector.finding());
    if (!isOver) await source.return?.();
  }
}

type Stream = { iterator?: unknown; [Symbol.asyncIterator]?: () => AsyncIterator<unknown> };

/** What a call gave: the same object, looked at. */
function look(data: unknown, reader: Reader, watched: Watched): unknown {
  const stream: Stream = typeof data === 'object' && data !== null ? data : {};
  const { iterator, [Symbol.asyncIterator]: iterate } = stream;
  if (typeof iterate === 'function') {
    // The clients' streams make all that they offer of `iterator`.
    if (typeof iterator === 'function')
      stream.iterator = () => pass((iterator as () => AsyncIterator<unknown>).call(stream), watched);
    else stream[Symbol.asyncIterator] = () => pass(iterate.call(stream), watched);
    return data;
  }
  watched.found(() => reader.answer(fieldsOf(data)));
  return data;
}

/** The promise of OpenAI's and Anthropic's clients: it reads the answer only when it is asked for it. */
interface ApiPromise {
  _thenUnwrap(transform: (data: unknown) => unknown): ApiPromise;
  parse(): Promise<unknown>;
  asResponse?(): Promise<unknown>;
}
const isApiPromise = (value: object): value is ApiPromise =>
  typeof (value as Partial<ApiPromise>)._thenUnwrap === 'function' && typeof (value as Partial<ApiPromise>).parse === 'function';

function watchFailures(promise: ApiPromise, watched: Watched): ApiPromise {
  const { parse, asResponse, _thenUnwrap: unwrap } = promise;
  let parsed: Promise<unknown> | null = null;
  promise.parse = () =>
    (parsed ??= parse.call(promise).catch((error: unknown) => {
      watched.failed(error);
      throw error;
    }));
  promise._thenUnwrap = (transform) => watchFailures(unwrap.call(promise, transform), watched);
  if (asResponse)
    promise.asResponse = async () => {
      try {
        const response = await asResponse.call(promise);
        // The application reads the answer itself: when and how is not seen.
        if (parsed === null) watched.running.end();
        return response;
      } catch (error) {
        watched.failed(error);
        throw error;
      }
    };
  return promise;
}

/** A method of a client that is recorded whenever it is called. */
export function observed(
  getClient: () => Client,
  provider: string,
  reader: Reader,
  method: (...args: unknown[]) => unknown,
): (...args: unknown[]) => unknown {
  return function (this: unknown, ...args) {
    const watched = watch(getClient(), provider, reader, args[0]);
    let given: unknown;
    try {
      given = watched.running.run(() => method.apply(this, args));
    } catch (error) {
      watched.failed(error);
      throw error;
    }
    if (typeof given === 'object' && given !== null && isApiPromise(given))
      return watchFailures(
        given._thenUnwrap((data) => look(data, reader, watched)),
        watched,
      );
    if (!isPromiseLike(given)) return look(given, reader, watched);
    return given.then(
      (data) => look(data, reader, watched),
      (error: unknown) => {
        watched.failed(error);
        throw error;
      },
    );
  };
}
