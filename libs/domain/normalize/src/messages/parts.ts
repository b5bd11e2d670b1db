import { isRecord } from '@telltale/kernel';
import { parseJson } from '../parse-json';
import { type Part } from './message';

type Fields = Readonly<Record<string, unknown>>;

/** Bytes of an image or sound say nothing to who reads events; their size does. */
const MAX_BLOB = 4_096;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const firstText = (fields: Fields, ...names: readonly string[]): string => {
  for (const name of names) if (typeof fields[name] === 'string' && fields[name] !== '') return fields[name];
  return '';
};
const first = (fields: Fields, ...names: readonly string[]): unknown => {
  for (const name of names) if (fields[name] !== undefined && fields[name] !== null) return fields[name];
  return undefined;
};

/** A call of a tool; arguments that are the JSON of a value become the value. */
export function toolCall(id: string, name: string, args: unknown): Part {
  return { type: 'tool_call', ...(id ? { id } : {}), name, ...(args === undefined ? {} : { arguments: parseJson(args) }) };
}
export const toolResponse = (id: string, response: unknown): Part => ({
  type: 'tool_call_response',
  ...(id ? { id } : {}),
  response: response ?? '',
});

function media(modality: string, source: string, mime = ''): Part {
  const data = /^data:([^;,]*)[^,]*,(.*)$/s.exec(source);
  if (data) return blob(modality, data[2] ?? '', data[1] ?? '');
  return mime && !/^[a-z]+:/i.test(source) ? blob(modality, source, mime) : { type: 'uri', modality, uri: source };
}
function blob(modality: string, content: string, mime: string): Part {
  const kept = content.length > MAX_BLOB ? `[${content.length} characters of base64]` : content;
  return { type: 'blob', modality, ...(mime ? { mime_type: mime } : {}), content: kept };
}

/** A call in OpenAI's form, LangChain's, OpenInference's or Vercel's. */
export function toolCallOf(value: unknown): Part | null {
  const outer = isRecord(value) && isRecord(value['tool_call']) ? value['tool_call'] : value;
  if (!isRecord(outer)) return null;
  const callee = [outer['function'], outer['custom']].find(isRecord) ?? outer;
  const name = firstText(callee, 'name', 'toolName', 'tool_name');
  if (!name) return null;
  return toolCall(
    firstText(outer, 'id', 'call_id', 'toolCallId', 'tool_call_id'),
    name,
    first(callee, 'arguments', 'args', 'input', 'parameters'),
  );
}

const urlOf = (fields: Fields): string => {
  const image = first(fields, 'image_url', 'image', 'url', 'file', 'audio', 'video');
  if (typeof image === 'string') return image;
  if (!isRecord(image)) return '';
  return isRecord(image['image']) ? textOf(image['image']['url']) : firstText(image, 'url', 'data', 'uri');
};

/** Parts that say their type; the reader of each. Null leaves the part as it is. */
const BY_TYPE: ReadonlyMap<string, (part: Fields) => Part | null> = new Map<string, (part: Fields) => Part | null>([
  ...['text', 'input_text', 'output_text', 'refusal'].map((type): [string, (part: Fields) => Part | null] => [
    type,
    (part) => {
      const said = first(part, 'content', 'text', 'refusal');
      return typeof said === 'string' ? { type: 'text', content: said } : null;
    },
  ]),
  ...['reasoning', 'thinking', 'reasoning_text', 'summary_text'].map((type): [string, (part: Fields) => Part | null] => [
    type,
    (part) => {
      const said = first(part, 'content', 'text', 'thinking', 'reasoning');
      if (typeof said === 'string') return { type: 'reasoning', content: said };
      const summary = Array.isArray(part['summary']) ? (part['summary'] as unknown[]) : [];
      const lines = summary.flatMap((one) => (isRecord(one) && typeof one['text'] === 'string' ? [one['text']] : []));
      return lines.length > 0 ? { type: 'reasoning', content: lines.join('\n') } : null;
    },
  ]),
  ...['tool_call', 'tool-call', 'tool_use', 'toolCall', 'function_call', 'function'].map(
    (type): [string, (part: Fields) => Part | null] => [
      type,
      (part) => (typeof part['call_id'] === 'string' ? toolCallOf({ ...part, id: part['call_id'] }) : toolCallOf(part)),
    ],
  ),
  ...['tool_call_response', 'tool-result', 'tool_result', 'function_call_output', 'function_response'].map(
    (type): [string, (part: Fields) => Part | null] => [
      type,
      (part) =>
        toolResponse(
          firstText(part, 'id', 'toolCallId', 'tool_use_id', 'call_id', 'tool_call_id'),
          first(part, 'response', 'result', 'output', 'content'),
        ),
    ],
  ),
  ...['image_url', 'input_image', 'image'].map((type): [string, (part: Fields) => Part | null] => [
    type,
    (part) => {
      const source = isRecord(part['source']) ? part['source'] : null;
      const url = urlOf(part) || (source ? firstText(source, 'url', 'data') : '');
      return url ? media('image', url, firstText(source ?? part, 'media_type', 'mediaType', 'mimeType')) : null;
    },
  ]),
  ['blob', (part) => blob(textOf(part['modality']), textOf(part['content']), textOf(part['mime_type']))],
]);

/** Parts without a type tell it by their one field: Gemini's and Bedrock's. */
function untyped(part: Fields): Part | null {
  if (typeof part['text'] === 'string') return { type: part['thought'] === true ? 'reasoning' : 'text', content: part['text'] };
  const call = first(part, 'functionCall', 'function_call', 'toolUse');
  if (isRecord(call))
    return toolCall(firstText(call, 'id', 'toolUseId'), textOf(call['name']), first(call, 'args', 'input', 'arguments'));
  const answer = first(part, 'functionResponse', 'function_response', 'toolResult');
  if (isRecord(answer)) return toolResponse(firstText(answer, 'id', 'toolUseId'), first(answer, 'response', 'content'));
  const data = first(part, 'inlineData', 'inline_data');
  if (isRecord(data)) {
    const mime = firstText(data, 'mimeType', 'mime_type');
    return blob(mime.split('/')[0] ?? '', textOf(data['data']), mime);
  }
  return null;
}

/** Whether a part without a type is one of those that tell it by their one field. */
export const isUntypedPart = (part: Fields): boolean => untyped(part) !== null;

/** One piece of a message in any form; what nobody knows stays what it is. */
export function partOf(value: unknown): Part {
  if (typeof value === 'string') return { type: 'text', content: value };
  if (!isRecord(value)) return { type: 'generic', value };
  const part = isRecord(value['message_content']) ? value['message_content'] : value;
  const type = firstText(part, 'type', 'part_kind');
  const read = type ? BY_TYPE.get(type)?.(part) : untyped(part);
  return read ?? { ...part, type: type || 'generic' };
}
