import { TransientError } from '@telltale/kernel';
import { toIngestError } from './ingest-error';

describe('what the gateway answers to a log that takes nothing', () => {
  it.each<['disk_full' | 'log_full']>([['disk_full'], ['log_full']])('%s: 503, the reason, and to send it again', (code) => {
    const refusal = toIngestError(new TransientError(code, 'the log is full'));
    expect([refusal.http, refusal.message]).toEqual([503, 'the log is full; nothing was taken in, send it again']);
  });
});
