import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';

interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly type: 'object' } & Readonly<Record<string, unknown>>;
  readonly annotations: Readonly<Record<string, boolean>>;
}

/** What one caller may use. */
export interface McpHost {
  readonly tools: readonly Tool[];
  /** The result of a tool of this name as text; `isError`: it says what was wrong with the call. Rejects for a fault of ours. */
  call(
    name: string,
    args: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly isError: boolean }>;
}

export interface McpIdentity {
  readonly name: string;
  readonly version: string;
  readonly instructions: string;
}

const MAX_SHOWN = 80;

/** A server for one caller. */
export function createMcpServer({ name, version, instructions }: McpIdentity, host: McpHost): Server {
  const server = new Server({ name, version }, { capabilities: { tools: {} }, instructions });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: host.tools.map((tool) => ({ ...tool })) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }): Promise<CallToolResult> => {
    if (!host.tools.some((tool) => tool.name === params.name)) {
      const names = host.tools.map((tool) => tool.name).join(', ');
      throw new McpError(
        ErrorCode.InvalidParams,
        `there is no tool ${JSON.stringify(params.name.slice(0, MAX_SHOWN))} for this API key; there are ${names}`,
      );
    }
    const result = await host.call(params.name, params.arguments ?? {}, signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new McpError(ErrorCode.InternalError, 'this is a fault of ours; the log of insights names it');
    });
    return { content: [{ type: 'text', text: result.text }], ...(result.isError ? { isError: true } : {}) };
  });
  return server;
}
