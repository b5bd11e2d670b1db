import { CONTENTS, isContent, isSeverity, SEVERITIES } from '../severity';
import { type Change, type Directive, type DirectiveSet, type Limits, type Target } from './directive';

/** Longer than a gateway lets any live: it ends here, too, if nothing is heard any more. */
const MAX_LIFE_MS = { boost: 24 * 3_600_000, restrict: 30 * 24 * 3_600_000 } as const;
const MAX_DIRECTIVES = 10_000;
const TEXT_FIELDS = [
  'service_name', 'deployment_environment', 'service_version', 'kind', 'name', 'tool_name', 'model', 'session_id', 'logger',
] as const; // prettier-ignore

/** What is wrong with an answer, and where: `directives[2].set.keep must be …`. */
export class UnreadableSet extends Error {
  constructor(
    field: string,
    fix: string,
    /** Hash of the set, where it could be read. */
    readonly hash: string,
  ) {
    super(`${field} ${fix}`);
  }
}

type Fields = Readonly<Record<string, unknown>>;
type Refuse = (field: string, fix: string) => never;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the answer of GET /v1/control as a whole; throws UnreadableSet at the first thing that cannot be read. */
export function readSet(text: string): DirectiveSet {
  let hash = '';
  const refuse: Refuse = (field, fix) => {
    throw new UnreadableSet(field, fix, hash);
  };
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return refuse('answer', 'is not JSON');
  }
  if (!isFields(answer)) return refuse('answer', 'must be an object');
  if (typeof answer['set_hash'] !== 'string' || answer['set_hash'] === '') return refuse('set_hash', 'must be text');
  hash = answer['set_hash'];
  const now = timeIn(answer, 'now', 'now', refuse);
  const list = answer['directives'];
  if (!Array.isArray(list)) return refuse('directives', 'must be a list');
  if (list.length > MAX_DIRECTIVES) return refuse('directives', `must be at most ${MAX_DIRECTIVES}`);
  const byId = new Map<string, Directive>();
  list.forEach((item, index) => {
    const directive = readDirective(item, now, `directives[${index}]`, refuse);
    byId.delete(directive.id);
    byId.set(directive.id, directive);
  });
  return { hash, directives: [...byId.values()] };
}

function timeIn(fields: Fields, name: string, path: string, refuse: Refuse): number {
  const value = fields[name];
  const at = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? refuse(path, 'must be a time in ISO 8601') : at;
}

function readDirective(item: unknown, now: number, path: string, refuse: Refuse): Directive {
  if (!isFields(item)) return refuse(path, 'must be an object');
  const { id, class: name, priority = 0, version = 0 } = item;
  if (typeof id !== 'string' || id === '') return refuse(`${path}.id`, 'must be text');
  if (name !== 'boost' && name !== 'restrict') return refuse(`${path}.class`, 'must be boost or restrict');
  if (typeof priority !== 'number' || !(priority >= 0 && priority <= 100))
    return refuse(`${path}.priority`, 'must be a number from 0 to 100');
  if (typeof version !== 'number') return refuse(`${path}.version`, 'must be a number');
  const ends = timeIn(item, 'expires_at', `${path}.expires_at`, refuse);
  return {
    id,
    class: name,
    priority,
    version,
    target: readTarget(item['target'], `${path}.target`, refuse),
    set: readChange(item['set'], `${path}.set`, refuse),
    limits: readLimits(item['limits'], `${path}.limits`, refuse),
    livesMs: Math.min(ends - now, MAX_LIFE_MS[name]),
  };
}

function readTarget(value: unknown, path: string, refuse: Refuse): Target {
  if (!isFields(value)) return refuse(path, 'must be an object; {} is everything');
  const target: { -readonly [F in keyof Target]: Target[F] } = { hasUnknownField: false };
  for (const [name, wanted] of Object.entries(value)) {
    const text = TEXT_FIELDS.find((field) => field === name);
    if (text !== undefined) {
      if (typeof wanted !== 'string') return refuse(`${path}.${name}`, 'must be text');
      target[text] = wanted;
    } else if (name === 'user') target.user = readUser(wanted, `${path}.user`, refuse);
    else if (name === 'trace_hash') target.trace_hash = readRange(wanted, `${path}.trace_hash`, refuse);
    else target.hasUnknownField = true;
  }
  return target;
}

function readUser(value: unknown, path: string, refuse: Refuse): { salt: string; sha256: string } {
  if (!isFields(value)) return refuse(path, 'must be an object');
  const { salt, sha256 } = value;
  if (typeof salt !== 'string') return refuse(`${path}.salt`, 'must be text');
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256))
    return refuse(`${path}.sha256`, 'must be 64 lower-case hexadecimal digits');
  return { salt, sha256 };
}

function readRange(value: unknown, path: string, refuse: Refuse): { from: number; to: number } {
  if (!isFields(value)) return refuse(path, 'must be an object');
  const { from, to } = value;
  if (typeof from !== 'number' || !(from >= 0 && from <= 1)) return refuse(`${path}.from`, 'must be a number from 0 to 1');
  if (typeof to !== 'number' || !(to >= from && to <= 1)) return refuse(`${path}.to`, 'must be a number from `from` to 1');
  return { from, to };
}

function readChange(value: unknown, path: string, refuse: Refuse): Change {
  if (!isFields(value) || Object.keys(value).length === 0) return refuse(path, 'must be an object with at least one field');
  const { min_severity: least, keep, content, flush } = value;
  if (least !== undefined && !isSeverity(least)) return refuse(`${path}.min_severity`, `must be one of ${SEVERITIES.join(', ')}`);
  if (keep !== undefined && !(typeof keep === 'number' && keep > 0 && keep <= 1))
    return refuse(`${path}.keep`, 'must be a number over 0 and at most 1');
  if (content !== undefined && !isContent(content)) return refuse(`${path}.content`, `must be one of ${CONTENTS.join(', ')}`);
  if (flush !== undefined && typeof flush !== 'boolean') return refuse(`${path}.flush`, 'must be true or false');
  return {
    ...(least === undefined ? {} : { min_severity: least }),
    ...(keep === undefined ? {} : { keep: keep as number }),
    ...(content === undefined ? {} : { content }),
    ...(flush === undefined ? {} : { flush }),
  };
}

function readLimits(value: unknown, path: string, refuse: Refuse): Limits {
  if (value === undefined || value === null) return {};
  if (!isFields(value)) return refuse(path, 'must be an object');
  const limits: { records_per_s?: number; bytes_per_min?: number } = {};
  for (const name of ['records_per_s', 'bytes_per_min'] as const) {
    const most = value[name];
    if (most === undefined || most === null) continue;
    if (typeof most !== 'number' || !(most >= 0)) return refuse(`${path}.${name}`, 'must be a number, 0 or more');
    limits[name] = most;
  }
  return limits;
}
