import { type ApiKeyScope } from '@telltale/contracts';
import { isRecord } from '@telltale/kernel';
import { z } from 'zod';
import { QUERIES } from '../catalog';
import { ApiError } from '../define/api-error';
import { type Definition } from '../define/definition';
import { type Given } from '../define/params';
import { shorten } from '../openapi/schemas';
import { linesOf, logfmt } from './logfmt';
import { decodeOffset, encodeOffset } from './offset-cursor';
import { render } from './render';
import { type McpTag, type Shown } from './tag';

/** A question that is a tool. */
type Tool = Definition & { readonly mcp: McpTag };

/** Who calls a tool, and how its question is asked. */
export interface ToolCaller {
  readonly scopes: readonly ApiKeyScope[];
  /** Milliseconds since the epoch; the same for the question and what is made of its answer. */
  readonly now: number;
  /** Never the same twice, and nothing that a logged text could know. */
  readonly nonce: string;
  ask(definition: Definition, given: Given): Promise<object>;
}

export interface ToolDescription {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly type: 'object' } & Readonly<Record<string, unknown>>;
  readonly annotations: Readonly<Record<string, boolean>>;
}

const isTool = (definition: Definition): definition is Tool => definition.mcp !== undefined;
/** Every tool there is: a question is one by its tag. */
export const MCP_TOOLS: readonly Tool[] = QUERIES.filter(isTool);

const READ_ONLY = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
const CURSOR = { type: 'string', description: 'cursor that the result before gave, with otherwise the same arguments' };

const seesContent = (scopes: readonly ApiKeyScope[]): boolean => scopes.includes('read');
const mayCall = ({ scope, mcp }: Tool, scopes: readonly ApiKeyScope[]): boolean =>
  scopes.includes(scope) || (mcp.withoutContent !== undefined && scopes.includes('read:metadata'));

function inputSchemaOf({ params, cursorAfter, mcp }: Tool, scopes: readonly ApiKeyScope[]): ToolDescription['inputSchema'] {
  const { properties = {}, required, additionalProperties } = z.toJSONSchema(params, { io: 'input', override: shorten });
  const hidden = new Set(seesContent(scopes) ? [] : mcp.ofContent);
  const own = Object.fromEntries(Object.entries(properties).filter(([name]) => !hidden.has(name)));
  return {
    type: 'object',
    properties: { ...own, ...(cursorAfter ? {} : { cursor: CURSOR }) },
    ...(required ? { required } : {}),
    additionalProperties,
  };
}

/** The tools that a key with these scopes may call. */
export const toolsFor = (scopes: readonly ApiKeyScope[]): ToolDescription[] =>
  MCP_TOOLS.filter((tool) => mayCall(tool, scopes)).map((tool) => ({
    name: tool.mcp.name,
    title: tool.about,
    description: tool.mcp.about,
    inputSchema: inputSchemaOf(tool, scopes),
    annotations: READ_ONLY,
  }));

/** The tool of this name; null where there is none. */
export const toolNamed = (name: string): Tool | null => MCP_TOOLS.find(({ mcp }) => mcp.name === name) ?? null;

/** Models fill what they leave open with nothing. */
const givenBy = (args: Given): Given =>
  Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null && value !== ''));

/** Only the fields of these names, at any depth. */
function onlyFields(value: unknown, names: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => onlyFields(one, names));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (names.has(name) ? [[name, onlyFields(one, names)]] : [])),
  );
}

function checkMayCall(tool: Tool, given: Given, scopes: readonly ApiKeyScope[]): void {
  const refuse = (what: string, parameter?: string): never => {
    const fix = 'use an API key with the scope read';
    throw new ApiError('forbidden', `${what} needs the scope read: this key has ${scopes.join(', ')}; ${fix}`, {
      fix,
      ...(parameter === undefined ? {} : { parameter }),
    });
  };
  if (!mayCall(tool, scopes)) refuse(tool.mcp.name);
  if (seesContent(scopes)) return;
  const parameter = (tool.mcp.ofContent ?? []).find((name) => name in given);
  if (parameter !== undefined) refuse(`${parameter} of ${tool.mcp.name}`, parameter);
}

const rowsOf = (answer: object): readonly Readonly<Record<string, unknown>>[] =>
  Object.values(answer).find((value): value is Record<string, unknown>[] => Array.isArray(value)) ?? [];

function shownOf({ mcp, cursorAfter }: Tool, answer: Readonly<Record<string, unknown>>): Shown {
  if (mcp.show) return mcp.show(answer);
  return { items: cursorAfter ? rowsOf(answer).map(logfmt) : linesOf(answer) };
}

const WITHOUT_CONTENT = 'all content, for the key lacks the scope read';

/** The result of a tool, as a text that a model reads. ApiError says what is wrong with the call. */
export async function callTool(tool: Tool, args: Given, caller: ToolCaller): Promise<string> {
  const given = givenBy(args);
  checkMayCall(tool, given, caller.scopes);
  const { cursor, ...rest } = given;
  const isList = tool.cursorAfter !== null;
  const skipped = isList || cursor === undefined ? 0 : decodeOffset(tool.mcp.name, rest, cursor);
  const answer = (await caller.ask(tool, isList ? given : rest)) as Readonly<Record<string, unknown>>;
  const sees = seesContent(caller.scopes);
  const visible = sees ? answer : (onlyFields(answer, new Set(tool.mcp.withoutContent)) as typeof answer);
  const shown = shownOf(tool, visible);
  const rows = rowsOf(answer);
  const cursorAfter = (lines: number): string | null => {
    const row = rows[lines - 1];
    if (!isList) return lines < shown.items.length ? encodeOffset(tool.mcp.name, rest, lines) : null;
    if (lines < rows.length && row) return tool.cursorAfter?.(given, row, caller.now) ?? null;
    return typeof answer['next_cursor'] === 'string' ? answer['next_cursor'] : null;
  };
  const { name, next } = tool.mcp;
  const leftOut = [...(shown.leftOut ?? []), ...(sees ? [] : [WITHOUT_CONTENT])];
  return render({ tool: name, next, nonce: caller.nonce, skipped, cursorAfter }, { ...shown, leftOut });
}
