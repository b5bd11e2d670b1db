import { isRecord } from '@telltale/kernel';
import { parseJson } from './parse-json';

type Fields = Readonly<Record<string, unknown>>;

/** What each of the tools a model could choose says of itself, in any form of definition. */
export function toolsIn(definitions: unknown): Fields[] {
  const plain = parseJson(definitions);
  const list = isRecord(plain) ? (plain['function_tools'] ?? plain['tools'] ?? [plain]) : plain;
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: unknown): Fields[] => {
    let tool = parseJson(one);
    if (isRecord(tool) && isRecord(tool['tool'])) tool = parseJson(tool['tool']['json_schema'] ?? tool['tool']);
    if (!isRecord(tool)) return [];
    const declared = tool['function_declarations'] ?? tool['functionDeclarations'];
    if (Array.isArray(declared)) return toolsIn(declared);
    const inner = isRecord(tool['function']) ? tool['function'] : tool;
    return typeof inner['name'] === 'string' ? [inner] : [];
  });
}

/** Names of the tools a model could choose, each once. */
export const toolNamesOf = (definitions: unknown): string[] => [...new Set(toolsIn(definitions).map(({ name }) => String(name)))];

const PARAMETERS = ['parameters', 'parameters_json_schema', 'input_schema', 'inputSchema', 'params_json_schema'] as const;
const MAX_LEVELS = 6;

const commented = (schema: unknown): string =>
  isRecord(schema) && typeof schema['description'] === 'string' ? `// ${schema['description']}\n` : '';

/** A JSON schema as a type of TypeScript. */
function typeOf(schema: unknown, levels = MAX_LEVELS): string {
  if (!isRecord(schema) || levels === 0) return 'any';
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => JSON.stringify(value)).join(' | ');
  const anyOf = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(anyOf)) return anyOf.map((one) => typeOf(one, levels - 1)).join(' | ');
  if (schema['type'] === 'array') return `${typeOf(schema['items'], levels - 1)}[]`;
  const { properties, required } = schema;
  if (isRecord(properties)) {
    const isNeeded = (name: string): boolean => Array.isArray(required) && required.includes(name);
    const lines = Object.entries(properties).map(
      ([name, one]) => `${commented(one)}${name}${isNeeded(name) ? '' : '?'}: ${typeOf(one, levels - 1)},\n`,
    );
    return `{\n${lines.join('')}}`;
  }
  return typeof schema['type'] === 'string' ? schema['type'] : 'any';
}

/**
 * Tools as a model reads them: OpenAI writes their definitions as types of TypeScript into what comes before the conversation, as models
 * asked for it have shown. Others write them in ways of their own. '' when there are none.
 */
export function toolsAsRead(definitions: unknown): string {
  const tools = toolsIn(definitions).map((tool) => {
    const schema = PARAMETERS.map((name) => parseJson(tool[name])).find(isRecord);
    const takes = schema && isRecord(schema['properties']) && Object.keys(schema['properties']).length > 0;
    return `${commented(tool)}type ${String(tool['name'])} = (${takes ? `_: ${typeOf(schema)}` : ''}) => any;\n\n`;
  });
  return tools.length === 0
    ? ''
    : `# Tools\n\n## functions\n\nnamespace functions {\n\n${tools.join('')}} // namespace functions`;
}
