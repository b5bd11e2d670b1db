import { randomBytes } from 'node:crypto';
import { startAcks, type Acks } from './acks';
import { type Clock, holdOpen, systemClock } from './clock';
import { type Options, readSettings, type Settings, startupLine } from './config';
import { startControl } from './control';
import { createDelivery } from './delivery';
import { createInForce } from './directives/in-force';
import { createLogs, type ForeignLine, type Logger } from './log';
import { createLosses, type LossCounts } from './losses';
import { createMessages } from './messages';
import { createPipeline } from './pipeline';
import { createRedactor, loadRules, redactEvent } from './redact';
import { serviceFields } from './record';
import { rankOf, type Severity } from './severity';
import { type NativeEvent } from './event';
import { newTraceId } from './scope';
import { createTransport } from './transport';
import { createOperations, type Operations } from './operations';
import { SDK_NAME, VERSION } from './version';

export interface Stats {
  readonly sent: number;
  readonly pending: number;
  /** Records that were lost, by reason. */
  readonly lost: LossCounts;
  /** Hash of the directives in force. */
  readonly directives: string;
}

/** One connection to Telltale. */
export interface Client extends Operations {
  readonly settings: Settings;
  readonly log: Logger;
  logger(name: string): Logger;
  write(line: ForeignLine): void;
  /** False where a line of this severity is neither sent nor held here; it is counted as suppressed then. */
  wants(severity: Severity, bytes: number): boolean;
  /** Sends what is queued; false when that took longer. */
  flush(timeoutMs?: number): Promise<boolean>;
  /** Sends what is queued, tells the last counts, and stops. */
  shutdown(timeoutMs?: number): Promise<boolean>;
  stats(): Stats;
}

type Env = Readonly<Record<string, string | undefined>>;

const sayOf = (options: Options): ((line: string) => void) | null =>
  options.onMessage === undefined ? (line) => console.error(line) : options.onMessage;

/** Makes a client. It never throws: what is wrong with the options is said, and left at its default. */
export function createClient(options: Options = {}, env: Env = process.env, clock: Clock = systemClock): Client {
  const { settings, problems } = readSettings(options, env, randomBytes(4).toString('hex'));
  const say = createMessages(sayOf(options), clock);
  for (const problem of problems) say(problem);
  say(startupLine(settings, VERSION).replace(/^telltale /, ''));

  const baseline = {
    minRank: rankOf(settings.minSeverity),
    keep: settings.keep,
    content: settings.content,
  };
  const inForce = createInForce(
    baseline,
    { service: settings.service, environment: settings.environment, serviceVersion: settings.serviceVersion },
    clock,
  );
  const losses = createLosses();
  const service = serviceFields(settings);
  const transport = createTransport(settings.url || 'http://127.0.0.1', settings.apiKey, `${SDK_NAME}/${VERSION}`, clock);
  const delivery = createDelivery(settings, {
    transport,
    clock,
    losses,
    onProblem: say,
    reportOf: (counts) => JSON.stringify(lossEvent(counts)),
  });
  const lossEvent = (counts: LossCounts): object => ({
    id: newTraceId(),
    kind: 'log',
    ts: new Date(clock.now()).toISOString(),
    ...service,
    severity: 'warn',
    body: `${Object.values(counts).reduce((sum, count) => sum + count, 0)} records were lost`,
    attributes: {
      logger: 'telltale.sdk',
      ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [`lost.${name}`, count])),
    },
  });

  const redact = redactionOf(settings, say);
  const pipeline = createPipeline({
    settings,
    clock,
    inForce,
    losses,
    delivery,
    redact,
    beforeSend: options.beforeSend,
  });
  const guard = (fn: () => void): void => {
    if (settings.disabled) return;
    try {
      fn();
    } catch (error) {
      say(`a record was not taken: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  };
  const logs = createLogs({ clock, pipeline, inForce });
  const operations = createOperations({ clock, pipeline, guard, isDisabled: settings.disabled, logs });

  let acks: Acks | null = null;
  let control: { close(): void } | null = null;
  if (!settings.disabled && settings.control) {
    const reported = startAcks({
      transport,
      clock,
      inForce,
      suppressed: pipeline.suppressed,
      instance: settings.instance,
      service: settings.service,
      sdk: { name: SDK_NAME, version: VERSION },
      requestTimeoutMs: settings.requestTimeoutMs,
    });
    acks = reported;
    control = startControl({
      transport,
      clock,
      requestTimeoutMs: settings.requestTimeoutMs,
      onProblem: say,
      apply: (set) => {
        inForce.apply(set);
        guard(() => pipeline.flushMatching());
        reported.applied();
      },
      refuse: (error) => {
        say(`directives were refused: ${error.message}`);
        reported.failed(error);
      },
    });
  }

  const flush = (timeoutMs = settings.shutdownTimeoutMs): Promise<boolean> => delivery.flush(timeoutMs);
  let over: Promise<boolean> | null = null;
  async function close(timeoutMs: number): Promise<boolean> {
    control?.close();
    const { over: late, cancel } = holdOpen(timeoutMs);
    const isAll = await delivery.flush(timeoutMs);
    pipeline.turns.forgetEnded();
    if (acks) await Promise.race([acks.last(), late]);
    cancel();
    acks?.close();
    delivery.close();
    transport.close();
    return isAll;
  }

  return {
    ...operations,
    settings,
    log: logs.loggerOf('', guard),
    logger: (name) => logs.loggerOf(name, guard),
    write: (line) => guard(() => logs.write(line)),
    wants: (severity, bytes) => !settings.disabled && logs.wants(severity, bytes),
    flush,
    shutdown: (timeoutMs = settings.shutdownTimeoutMs) => (over ??= close(timeoutMs)),
    stats: () => ({ sent: delivery.sent, pending: delivery.pending, lost: { ...losses.total }, directives: inForce.hash }),
  };
}

/** Masks events, unless the application does not want it. Where the rules cannot be read nothing is sent unmasked. */
function redactionOf(settings: Settings, say: (text: string) => void): (event: NativeEvent) => NativeEvent {
  if (settings.disabled || !settings.redact) return (event) => event;
  try {
    const redactor = createRedactor(loadRules());
    return (event) => redactEvent(event, redactor);
  } catch (error) {
    say(`events are not sent, for the rules of redaction cannot be read: ${error instanceof Error ? error.message : 'unknown'}`);
    return () => {
      throw new Error('no rules');
    };
  }
}
