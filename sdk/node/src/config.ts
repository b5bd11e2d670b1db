import { hostname } from 'node:os';
import { type NativeEvent } from './event';
import { type Content, isContent, isSeverity, type Severity } from './severity';

/** What the application may say; each also as a variable of the environment, TELLTALE_ and the name. */
export interface Options {
  /** Address of the gateway. */
  readonly url?: string;
  readonly apiKey?: string;
  readonly service?: string;
  readonly serviceVersion?: string;
  readonly environment?: string;
  readonly release?: string;
  readonly region?: string;
  readonly disabled?: boolean;
  readonly minSeverity?: Severity;
  /** Share of turns that are sent. */
  readonly keep?: number;
  readonly content?: Content;
  /** Personal data and secrets are masked before anything is sent. */
  readonly redact?: boolean;
  /** Directives of the gateway are followed. */
  readonly control?: boolean;
  /** A turn that lasts longer sends what its ring holds. */
  readonly slowTurnMs?: number;
  readonly ringBytes?: number;
  readonly ringAgeMs?: number;
  /** What a turn holds is kept so long after its end, for negative feedback that comes late. */
  readonly ringLingerMs?: number;
  readonly queueItems?: number;
  readonly queueBytes?: number;
  readonly flushIntervalMs?: number;
  readonly requestTimeoutMs?: number;
  /** Longest time that the end of the process waits for what is queued. */
  readonly shutdownTimeoutMs?: number;
  /** Looks at each event before it is sent: returns it, changed or not, or null to drop it. */
  readonly beforeSend?: (event: NativeEvent) => NativeEvent | null;
  /** Says the settings in force and what is wrong; console.error unless given, silent when null. */
  readonly onMessage?: ((line: string) => void) | null;
}

type Given = Required<Pick<Options, 'url' | 'apiKey' | 'service' | 'serviceVersion' | 'environment' | 'release' | 'region'>>;
export interface Settings extends Given, Required<Omit<Options, keyof Given | 'beforeSend' | 'onMessage' | 'slowTurnMs'>> {
  readonly slowTurnMs: number | null;
  readonly instance: string;
}

type Env = Readonly<Record<string, string | undefined>>;
const TRUE = /^(1|true|yes|on)$/i;
const FALSE = /^(0|false|no|off)$/i;

/** Reads settings; what is wrong is reported and left at its default, never thrown. */
export function readSettings(options: Options, env: Env, instanceEnd: string): { settings: Settings; problems: string[] } {
  const problems: string[] = [];
  const variable = (name: string): string | undefined => env[`TELLTALE_${name}`]?.trim() || undefined;
  const wrong = (name: string, fix: string): undefined => void problems.push(`TELLTALE_${name}: ${fix}`);

  const text = (given: unknown, name: string, fallback: string): string =>
    typeof given === 'string' && given !== '' ? given : (variable(name) ?? fallback);
  const flag = (given: unknown, name: string, fallback: boolean): boolean => {
    if (typeof given === 'boolean') return given;
    const value = variable(name);
    if (value === undefined) return fallback;
    if (TRUE.test(value)) return true;
    if (FALSE.test(value)) return false;
    wrong(name, 'give 1 or 0');
    return fallback;
  };
  const number = (given: unknown, name: string, fallback: number, least: number, most: number): number => {
    const said = given ?? variable(name);
    if (said === undefined) return fallback;
    const value = Number(said);
    if (Number.isFinite(value) && value >= least && value <= most) return value;
    wrong(name, `give a number from ${least} to ${most}`);
    return fallback;
  };
  const word = <T>(given: unknown, name: string, fallback: T, is: (value: unknown) => value is T): T => {
    const value = given ?? variable(name)?.toLowerCase();
    if (value === undefined) return fallback;
    if (is(value)) return value;
    wrong(name, 'is none of its values');
    return fallback;
  };

  const url = text(options.url, 'URL', 'http://127.0.0.1:4318').replace(/\/+$/, '');
  const isUrl = /^https?:\/\/[^\s]+$/.test(url) && URL.canParse(url);
  if (!isUrl) wrong('URL', 'give an http or https address; nothing is sent');
  const settings: Settings = {
    url: isUrl ? url : '',
    apiKey: text(options.apiKey, 'API_KEY', ''),
    service: text(options.service, 'SERVICE', env['OTEL_SERVICE_NAME'] ?? 'unknown_service'),
    serviceVersion: text(options.serviceVersion, 'SERVICE_VERSION', ''),
    environment: text(options.environment, 'ENVIRONMENT', ''),
    release: text(options.release, 'RELEASE', ''),
    region: text(options.region, 'REGION', ''),
    disabled: !isUrl || flag(options.disabled, 'DISABLED', false),
    minSeverity: word(options.minSeverity, 'MIN_SEVERITY', 'info', isSeverity),
    keep: number(options.keep, 'KEEP', 1, 1e-6, 1),
    content: word(options.content, 'CONTENT', 'full', isContent),
    redact: flag(options.redact, 'REDACT', true),
    control: flag(options.control, 'CONTROL', true),
    slowTurnMs: number(options.slowTurnMs, 'SLOW_TURN_MS', 30_000, 0, 86_400_000) || null,
    ringBytes: number(options.ringBytes, 'RING_BYTES', 262_144, 0, 67_108_864),
    ringAgeMs: number(options.ringAgeMs, 'RING_AGE_MS', 300_000, 1, 86_400_000),
    ringLingerMs: number(options.ringLingerMs, 'RING_LINGER_MS', 60_000, 0, 3_600_000),
    queueItems: number(options.queueItems, 'QUEUE_ITEMS', 10_000, 1, 1_000_000),
    queueBytes: number(options.queueBytes, 'QUEUE_BYTES', 33_554_432, 1_024, 1_073_741_824),
    flushIntervalMs: number(options.flushIntervalMs, 'FLUSH_INTERVAL_MS', 1_000, 10, 600_000),
    requestTimeoutMs: number(options.requestTimeoutMs, 'REQUEST_TIMEOUT_MS', 10_000, 100, 600_000),
    shutdownTimeoutMs: number(options.shutdownTimeoutMs, 'SHUTDOWN_TIMEOUT_MS', 2_000, 0, 60_000),
    instance: `${hostname()}/${process.pid}/${instanceEnd}`,
  };
  return { settings, problems };
}

/** An allow-list: what is added to the settings is not reported until it is named here. Never the key. */
const SHOWN = [
  'service', 'serviceVersion', 'environment', 'minSeverity', 'keep', 'content', 'redact', 'control', 'slowTurnMs',
  'ringBytes', 'queueItems', 'queueBytes', 'flushIntervalMs',
] as const; // prettier-ignore

export function startupLine(settings: Settings, version: string): string {
  if (settings.disabled) return `telltale ${version}: disabled`;
  // A user and password in the address are not reported.
  const { protocol, host } = new URL(settings.url);
  const reported = SHOWN.filter((name) => settings[name] !== '' && settings[name] !== null).map(
    (name) => `${name}=${String(settings[name])}`,
  );
  return `telltale ${version}: url=${protocol}//${host} key=${settings.apiKey ? 'set' : 'missing'} ${reported.join(' ')}`;
}
