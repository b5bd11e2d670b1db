import { UsageError } from '@telltale/cli';
import { type Conversation, conversationOf } from '@telltale/domain-explain';
import { isRecord } from '@telltale/kernel';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

/** A call that would have been right, as tau-bench states it. Only for scoring. */
export interface ExpectedCall {
  readonly tool: string;
  readonly args: unknown;
}

export interface ReadConversation {
  readonly conversation: Conversation;
  /** Other names that labels may call it by. */
  readonly aliases: readonly string[];
  /** What half of the data it belongs to is decided by this. */
  readonly task: string;
  readonly expected: readonly ExpectedCall[] | null;
}

const EXTENSIONS = ['.json', '.jsonl', '.ndjson'];
const FORM = 'give conversations in openai-chat form: {"id", "messages": [{"role", "content", "tool_calls"}], "reward"}, as a JSON list, one per file or one per line'; // prettier-ignore

/** The values of a file of JSON, a list or one value, or of lines of JSON. */
export function readValues(option: string, file: string): unknown[] {
  const text = readFileSync(file, 'utf8');
  const isLines = extname(file) !== '.json';
  const parse = (part: string, line: number): unknown => {
    try {
      return JSON.parse(part) as unknown;
    } catch {
      throw new UsageError(`${option} ${file}: ${isLines ? `line ${line} ` : ''}is no JSON`, isLines ? 'put one JSON value on each line' : 'give JSON, or lines of JSON in a file that ends in .jsonl'); // prettier-ignore
    }
  };
  if (isLines) return text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [parse(line, i + 1)]));
  const value = parse(text, 1);
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function expectedOf(item: Readonly<Record<string, unknown>>): readonly ExpectedCall[] | null {
  const info = isRecord(item['info']) && isRecord(item['info']['task']) ? item['info']['task'] : undefined;
  const actions = info?.['actions'];
  if (!Array.isArray(actions)) return null;
  return actions
    .filter(isRecord)
    .map((action) => ({ tool: String(action['name']), args: action['kwargs'] ?? action['arguments'] }));
}

const nameOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

function readOne(item: unknown, file: string, place: number, isAlone: boolean): ReadConversation {
  const fail = (problem: string): never => {
    throw new UsageError(`--data ${file}: conversation ${place}: ${problem}`, FORM);
  };
  if (!isRecord(item)) return fail('is no JSON object');
  const messages = item['messages'] ?? item['traj'];
  if (!Array.isArray(messages)) return fail('messages is missing or no list');
  const bad = messages.findIndex((message) => !isRecord(message) || typeof message['role'] !== 'string');
  if (bad >= 0) fail(`messages[${bad}].role must be text`);
  const { reward } = item;
  if (reward !== undefined && typeof reward !== 'number') fail('reward must be a number: 1 went well, less failed');
  const stem = basename(file, extname(file));
  const [task, trial] = [nameOf(item['task_id']), nameOf(item['trial'])];
  const ofTask = task === '' ? [] : [`${task}-${trial}`, `${task}:${trial}`, `${task}/${trial}`, `${task}_${trial}`, task];
  const id = nameOf(item['id']) || nameOf(item['conversation']) || nameOf(item['conversation_id']) || (isAlone ? stem : (ofTask[0] ?? `${stem}#${place}`)); // prettier-ignore
  const ending = typeof reward !== 'number' ? 'unknown' : reward < 1 ? 'failed' : 'succeeded';
  return {
    conversation: conversationOf(id, messages as unknown[], ending),
    aliases: [...ofTask, `${stem}#${place}`, ...(isAlone ? [stem, basename(file)] : [String(place)])],
    task: task || id,
    expected: expectedOf(item),
  };
}

/** All conversations of a file or of the files in a folder, in order of their names. */
export function readConversations(path: string): ReadConversation[] {
  const files = statSync(path).isDirectory()
    ? readdirSync(path).sort().flatMap((name) => (EXTENSIONS.includes(extname(name)) && !/^labels?\./.test(name) ? [join(path, name)] : []))
    : [path]; // prettier-ignore
  const all = files.flatMap((file) => {
    const values = readValues('--data', file);
    return values.map((value, place) => readOne(value, file, place, values.length === 1));
  });
  if (all.length === 0) throw new UsageError(`--data ${path}: there is no conversation in it`, FORM);
  const seen = new Set<string>();
  for (const { conversation } of all) {
    if (seen.has(conversation.id)) throw new UsageError(`--data ${path}: two conversations have the id ${conversation.id}`, 'give each conversation its own id'); // prettier-ignore
    seen.add(conversation.id);
  }
  return all;
}
