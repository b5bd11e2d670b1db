import { sqlString } from '@telltale/contracts';
import { type QueryOptions, type QueryParams } from '@telltale/streaming';
import { TransientError } from '@telltale/kernel';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { engine } from './engine-in-process';
import { linesOf } from './json-lines';
import { classifyQuery } from './query-error';
import { DATABASE, settingsOf } from './query-settings';
import { type Reader } from './reader';

/** The engine counts what it allocates; memory freed but not yet returned takes up to half as much again. */
const COUNTED_SHARE = 0.8;
/** A process that has grown by more than this returns memory after a query, because the allocator keeps it. */
const PURGE_ABOVE_BYTES = 64 * 1024 * 1024;
const KILL_EVERY_MS = 100;
const CLOSE_WAITS_MS = 5_000;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r', '\0': '\\0' };
const escape = (text: string): string => text.replace(/[\\\n\t\r\0]/g, (c) => ESCAPES[c] ?? c);

/** A parameter value as text for `{name:Type}`: escaped as in TSV. */
const parameterText = (value: QueryParams[string]): string =>
  typeof value === 'string' ? escape(value) : typeof value === 'number' ? String(value) : `[${value.map(sqlString).join(',')}]`;

/**
 * Reads from the engine in this process. Each query has its own session (it opens in less than a millisecond): settings and parameters
 * apply to that query only, and the last setting makes it read-only, so that no statement can change them.
 */
export function createChdbReader(path: string, memoryBytes: number): Reader {
  const Session = engine.session();
  let queries = 0;
  let isClosed = false;
  let atRest = 0;
  const running = new Map<string, Promise<unknown>>();

  function settingUp(comment: string, params: QueryParams, options: QueryOptions): string {
    const settings = Object.entries({ ...settingsOf({ ...options, comment }, Math.floor(memoryBytes * COUNTED_SHARE)) });
    const all = [
      ...Object.entries(params).map(([name, value]) => `param_${name} = ${sqlString(parameterText(value))}`),
      ...settings.map(([name, value]) => `\`${name}\` = ${typeof value === 'number' ? value : sqlString(value)}`),
      'readonly = 1',
    ];
    return `${options.tenant === undefined ? '' : `USE ${DATABASE}; `}SET ${all.join(', ')}`;
  }

  /** Cancels a query repeatedly until it has ended: it may not have started yet. */
  async function kill(comment: string): Promise<void> {
    while (running.has(comment)) {
      const session = new Session(path);
      await session.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = ${sqlString(comment)} ASYNC`).catch(() => null);
      session.close();
      await Promise.race([running.get(comment), sleep(KILL_EVERY_MS)]);
    }
  }

  async function giveBackMemory(): Promise<void> {
    if (isClosed || process.memoryUsage.rss() < atRest + PURGE_ABOVE_BYTES) return;
    const session = new Session(path);
    await session.queryAsync('SYSTEM JEMALLOC PURGE').catch(() => null);
    session.close();
  }

  async function run(
    sql: string,
    params: QueryParams,
    options: QueryOptions,
    format: 'JSONEachRow' | 'Parquet' = 'JSONEachRow',
  ): Promise<Buffer> {
    const comment = `${options.comment ?? 'telltale.query'} #${(queries += 1)}`;
    if (isClosed || options.signal?.aborted) throw new TransientError('aborted', 'the query was cancelled');
    if (running.size === 0) atRest = process.memoryUsage.rss();
    const session = new Session(path);
    const answer = session.queryAsync(settingUp(comment, params, options)).then(() => session.queryAsync(sql, { format }));
    const settled = answer.then(
      () => void running.delete(comment),
      () => void running.delete(comment),
    );
    running.set(comment, settled);
    const onAbort = (): void => void kill(comment);
    options.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const bytes = (await answer).bytes();
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } catch (error) {
      if (options.signal?.aborted) throw new TransientError('aborted', 'the query was cancelled', { cause: error });
      throw classifyQuery(error, options.asked ?? sql);
    } finally {
      options.signal?.removeEventListener('abort', onAbort);
      // The engine keeps a query's memory until its session runs another one, and the session closes only when nothing else runs.
      await session.queryAsync('SELECT 1').catch(() => null);
      session.close();
      await giveBackMemory();
    }
  }

  return {
    lines: async (sql, params = {}, options = {}) => linesOf(await run(sql, params, options)),
    parquet: async (sql, params = {}, options = {}) => Readable.from([await run(sql, params, options, 'Parquet')]),
    async close() {
      isClosed = true;
      const ended = Promise.all([...running.keys()].map(kill));
      const state = await Promise.race([ended.then(() => 'ended'), sleep(CLOSE_WAITS_MS, 'stuck', { ref: false })]);
      // At exit the process waits for its threads, and a thread inside one long block of a query cannot be interrupted. Everything else is
      // closed by then, and stored rows survive a kill.
      if (state === 'stuck') process.once('exit', () => process.kill(process.pid, 'SIGKILL'));
    },
  };
}
