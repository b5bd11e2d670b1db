import { createRedactionCounts, findSpans, redactText } from '@telltale/domain-privacy';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '@telltale/cli';

const SENTENCES = z.array(
  z.object({
    full_text: z.string(),
    spans: z.array(z.object({ entity_type: z.string(), start_position: z.number().int(), end_position: z.number().int() })),
  }),
);
type Sentence = z.infer<typeof SENTENCES>[number];

/** What has a form or a check. The goals for free text are over the four kinds of names; other labels are reported by type alone. */
const STRUCTURED = new Set(['CREDIT_CARD', 'EMAIL_ADDRESS', 'IBAN_CODE', 'IP_ADDRESS', 'PHONE_NUMBER', 'US_SSN', 'DOMAIN_NAME', 'URL', 'US_DRIVER_LICENSE', 'US_BANK_NUMBER', 'US_PASSPORT', 'CRYPTO', 'MAC_ADDRESS']); // prettier-ignore
const FREE = new Set(['PERSON', 'STREET_ADDRESS', 'GPE', 'LOCATION', 'ORGANIZATION']);
/** A span counts as recalled when this share of its characters is masked. */
const ENOUGH = 0.9;

export interface TypeFigures {
  readonly spans: number;
  readonly recall: number;
}
export interface PrivacyFigures {
  readonly recall_structured: number;
  readonly recall_free_text: number;
  /** Share of the masked characters that lie in a labeled span of any type. */
  readonly char_precision: number;
  /** Megabytes of chat a second of processor time, on one core: messages that all differ, each by itself. */
  readonly mb_per_second: number;
  readonly per_type: Readonly<Record<string, TypeFigures>>;
}

/** The file itself, or the first one of the folder. */
async function fileOf(path: string): Promise<string> {
  if (!(await stat(path)).isDirectory()) return path;
  const [file] = (await readdir(path)).filter((name) => name.endsWith('.json')).sort();
  if (file !== undefined) return join(path, file);
  throw new UsageError(`${path} has no labeled sentences`, 'give a .json file of them, or its folder');
}

async function readSentences(file: string): Promise<Sentence[]> {
  const parsed = SENTENCES.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.success) throw new UsageError(`${file} holds no labeled sentences`, 'it is a list of {full_text, spans}');
  return parsed.data;
}

const CONVERSATIONS = z.array(z.object({ traj: z.array(z.object({ content: z.string().nullish() })) }));

/** Messages of the conversations that lie in the same data folder, each once, or null: prompts and answers of tools come again in many. Labeled sentences are made of names, which chat is not. */
async function readChat(file: string): Promise<string[] | null> {
  const chat = join(dirname(dirname(file)), 'tau-airline', 'gpt-4o-airline.json');
  const json = await readFile(chat, 'utf8').catch(() => null);
  const parsed = json === null ? null : CONVERSATIONS.safeParse(JSON.parse(json));
  if (!parsed?.success) return null;
  return [...new Set(parsed.data.flatMap(({ traj }) => traj.flatMap(({ content }) => (content ? [content] : []))))];
}

const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

/** Recall by type and precision by character of what one pass finds. */
export function scoreSpans(sentences: readonly Sentence[]): Omit<PrivacyFigures, 'mb_per_second'> {
  const found = new Map<string, { spans: number; recalled: number }>();
  let masked = 0;
  let right = 0;
  for (const { full_text: text, spans } of sentences) {
    const isMasked = new Uint8Array(text.length);
    const isLabeled = new Uint8Array(text.length);
    for (const { start, end } of findSpans(text, 'prose')) isMasked.fill(1, start, end);
    for (const span of spans) {
      isLabeled.fill(1, span.start_position, span.end_position);
      const inside = isMasked.subarray(span.start_position, span.end_position).reduce((sum, bit) => sum + bit, 0);
      const of = found.get(span.entity_type) ?? { spans: 0, recalled: 0 };
      of.spans++;
      if (inside >= ENOUGH * (span.end_position - span.start_position)) of.recalled++;
      found.set(span.entity_type, of);
    }
    for (let i = 0; i < text.length; i++) {
      masked += isMasked[i] ?? 0;
      right += (isMasked[i] ?? 0) & (isLabeled[i] ?? 0);
    }
  }
  const recallOf = (types: ReadonlySet<string>): number => {
    const those = [...found].filter(([type]) => types.has(type)).map(([, figures]) => figures);
    return share(those.reduce((sum, { recalled }) => sum + recalled, 0), those.reduce((sum, { spans }) => sum + spans, 0)); // prettier-ignore
  };
  return {
    recall_structured: recallOf(STRUCTURED),
    recall_free_text: recallOf(FREE),
    char_precision: share(right, masked),
    per_type: Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, { spans, recalled }]) => [type, { spans, recall: share(recalled, spans) }])), // prettier-ignore
  };
}

const ROUNDS = 7;
/** The first rounds are left out: the engine compiles while they run. */
const WARM_UP = 4;
const MIN_BYTES = 4_000_000;

/** Processor time this process has had, ms; a busy machine does not stretch it. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The fastest round of redacting every text, each by itself: what else the machine does only slows. */
export function measureSpeed(texts: readonly string[], now: () => number = cpuMs): number {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes === 0) return 0;
  const times = Math.max(1, Math.ceil(MIN_BYTES / bytes));
  const speeds: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const began = now();
    for (let n = 0; n < times; n++) for (const text of texts) redactText(text, createRedactionCounts(), 'prose');
    if (round >= WARM_UP) speeds.push((times * bytes) / 1000 / Math.max(now() - began, 1e-6));
  }
  return Math.max(...speeds);
}

/**
 * Over a file of labeled sentences (`[{full_text, spans: [{entity_type, start_position, end_position}]}]`), or a data folder that has one.
 * Speed is of the messages of the conversations beside it where there are any (of people, models and tools, each once), else of the sentences.
 */
export async function evaluatePrivacy(dataPath: string): Promise<PrivacyFigures> {
  const file = await fileOf(dataPath);
  const sentences = await readSentences(file);
  const chat = await readChat(file);
  const { per_type, ...scores } = scoreSpans(sentences);
  return { ...scores, mb_per_second: measureSpeed(chat ?? sentences.map(({ full_text }) => full_text)), per_type };
}
