import { type Logger } from '@telltale/streaming';
import { escapeInvisible } from '@telltale/kernel';
import { pino } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';
const PER_WINDOW = 20;
const WINDOW_MS = 10_000;

/**
 * Structured lines on stderr. Warnings and errors are limited to 20 per name in 10 s; the next line contains the number of suppressed ones.
 */
export function createLog(service: string, level: LogLevel): Logger {
  const stderr = pino.destination({ dest: 2, sync: true });
  const logger = pino({ level, base: { process: service } }, { write: (line) => void stderr.write(escapeInvisible(line)) });
  const recent = new Map<string, { from: number; lines: number; left: number }>();
  function limited(message: string): Record<string, number> | null {
    const now = Date.now();
    let slot = recent.get(message);
    if (!slot || now - slot.from > WINDOW_MS) {
      const left = slot?.left ?? 0;
      recent.set(message, (slot = { from: now, lines: 1, left: 0 }));
      return left > 0 ? { skipped: left } : {};
    }
    if (slot.lines++ < PER_WINDOW) return {};
    slot.left++;
    return null;
  }
  return {
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => {
      const more = limited(message);
      if (more) logger.warn({ ...fields, ...more }, message);
    },
    error: (message, fields) => {
      const more = limited(message);
      if (more) logger.error({ ...fields, ...more }, message);
    },
  };
}
