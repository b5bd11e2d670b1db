export { bridgeStdio } from './bridge-stdio';
export { createMcpHttp, type McpHttp } from './mcp-http';
export { type McpHost } from './mcp-server';
