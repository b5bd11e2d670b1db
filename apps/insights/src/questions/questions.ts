import { ApiError } from '@telltale/query';
import { type RowStore } from '@telltale/streaming';
import { type TenantRequest } from '../api-key.guard';
import { createSlots, NoRoom } from './slots';

/** Two, so that of the four threads that Node gives the engine two are always left for inserts. */
const LIMITS = { running: 2, waiting: 8, perTenant: 1 };
const FIX = 'wait until an earlier query has ended, and try again';

/** Every read of rows on behalf of people goes through here: few at a time, of every tenant its share. */
export interface Questions {
  /** Runs `work` when it is its turn. The signal aborts when the client goes away or cancels, or the process stops. */
  run<T>(caller: TenantRequest, work: (signal: AbortSignal) => Promise<T>, cancelled?: AbortSignal): Promise<T>;
  /** The rows of the caller's tenant; each query waits for its turn. */
  rowsFor(caller: TenantRequest, cancelled?: AbortSignal): Pick<RowStore, 'query'>;
}

export function createQuestions({ rows, stopping }: { readonly rows: RowStore; readonly stopping: AbortSignal }): Questions {
  const slots = createSlots(LIMITS);

  async function inTurn<T>(
    caller: TenantRequest,
    work: (signal: AbortSignal) => Promise<T>,
    mayYield: boolean,
    cancelled?: AbortSignal,
  ): Promise<T> {
    const { socket } = caller.raw;
    const gone = new AbortController();
    const onClose = (): void => gone.abort();
    socket.once('close', onClose);
    const signal = AbortSignal.any([gone.signal, stopping, ...(cancelled ? [cancelled] : [])]);
    try {
      return await slots.run({ tenant: caller.tenant, signal, mayYield }, work);
    } catch (error) {
      if (!(error instanceof NoRoom)) throw error;
      throw new ApiError('overloaded', `too many queries run and wait now; ${FIX}`, { fix: FIX });
    } finally {
      socket.off('close', onClose);
    }
  }

  return {
    run: (caller, work, cancelled) => inTurn(caller, work, false, cancelled),
    rowsFor: (caller, cancelled) => ({
      // Nothing of the rows is seen before all are there, so a query can be begun again.
      query: <T>(...[sql, params, options]: Parameters<RowStore['query']>) =>
        inTurn(caller, (signal) => rows.query<T>(sql, params, { ...options, tenant: caller.tenant, signal }), true, cancelled),
    }),
  };
}
