import { type McpHost } from '@telltale/adapter-mcp';
import { ApiError, callTool, type Definition, runSql, toolNamed, toolsFor } from '@telltale/query';
import { isPermanent, isTransient, messageOf } from '@telltale/kernel';
import { randomBytes } from 'node:crypto';
import { type TenantRequest } from '../api-key.guard';
import { type InsightsDeps } from '../deps';
import { createContextOf } from '../routes/ask';
import { createSqlAnswer } from '../routes/stream-sql';

type Given = Readonly<Record<string, unknown>>;

/** A model reads a few kilobytes; more rows than this are for the API. */
const MAX_SQL_ROWS = 1_000;
const NONCE_BYTES = 6;

/** What a model that called can do about it; null for a fault of ours. */
function refusalOf(error: unknown): string | null {
  if (error instanceof ApiError) return error.message;
  if (isTransient(error)) return `${error.message}; try again`;
  return isPermanent(error) && error.code === 'invalid' ? messageOf(error) : null;
}

/** The tools of whoever sent a request, with the scopes and the tenant of its key. */
export function createMcpHosts(deps: InsightsDeps) {
  const { clock, logger, questions, rows } = deps;
  const contextOf = createContextOf(deps);
  const answerSql = createSqlAnswer(rows);

  async function runStatement(given: Given, request: TenantRequest, cancelled: AbortSignal): Promise<object> {
    const { sql } = runSql.parse(given);
    const asked = { tenant: request.tenant, text: sql, maxRows: MAX_SQL_ROWS };
    const lines = await questions.run(request, (signal) => answerSql({ ...asked, signal }), cancelled);
    const shown = lines.slice(0, MAX_SQL_ROWS).map((line): unknown => JSON.parse(line));
    return { rows: shown, truncated: lines.length > MAX_SQL_ROWS };
  }

  return (request: TenantRequest): McpHost => ({
    tools: toolsFor(request.grant.scopes),
    async call(name, args, signal) {
      const tool = toolNamed(name);
      if (!tool) throw new TypeError(`${name} is listed and is no tool`);
      const now = clock.now();
      const context = { ...contextOf(request, signal), clock: { ...clock, now: () => now } };
      const ask = (definition: Definition, given: Given): Promise<object> =>
        definition.ask ? definition.ask(given, context) : runStatement(given, request, signal);
      try {
        const nonce = randomBytes(NONCE_BYTES).toString('hex');
        return { text: await callTool(tool, args, { scopes: request.grant.scopes, now, nonce, ask }), isError: false };
      } catch (error) {
        const text = refusalOf(error);
        if (text !== null) return { text, isError: true };
        logger.error('mcp_call_failed', { tool: name, error: error instanceof Error ? error.name : 'unknown' });
        throw error;
      }
    },
  });
}
