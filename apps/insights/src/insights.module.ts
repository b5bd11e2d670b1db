import { type DynamicModule, Inject, Module, type NestModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { exportRows, readPanel, runSql, shareView } from '@telltale/query';
import { type FastifyInstance } from 'fastify';
import { readConsoleFiles } from './console/console-files';
import { serveConsole } from './console/serve-console';
import { INSIGHTS, type InsightsDeps, type InsightsParts } from './deps';
import { createTailStreams } from './live/stream-tail';
import { McpController } from './mcp/mcp.controller';
import { createQuestions } from './questions/questions';
import { boundBodies } from './routes/bound-bodies';
import { traceQuestions } from './routes/trace-questions';
import { createRoutes } from './routes/create-routes';
import { DocumentController } from './routes/document.controller';
import { createExportStream } from './routes/stream-export';
import { createPanelStream } from './routes/stream-panel';
import { createSqlStream } from './routes/stream-sql';
import { SessionController } from './sign-in/session.controller';
import { createShareAnswer } from './sign-in/share';

@Module({})
export class InsightsModule implements NestModule {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(INSIGHTS) private readonly deps: InsightsDeps,
  ) {}

  static register(parts: InsightsParts): DynamicModule {
    const deps: InsightsDeps = { ...parts, questions: createQuestions(parts) };
    const streams = {
      [runSql.name]: createSqlStream(deps),
      [readPanel.name]: createPanelStream(deps),
      [exportRows.name]: createExportStream(deps),
      [shareView.name]: createShareAnswer(deps),
      ...createTailStreams(deps),
    };
    return {
      module: InsightsModule,
      controllers: [createRoutes(deps, streams), McpController, DocumentController, SessionController],
      providers: [{ provide: INSIGHTS, useValue: deps }],
    };
  }

  /** Of Nest's hooks the one that runs before routes are registered. */
  configure(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    boundBodies(fastify);
    traceQuestions(fastify, this.deps);
    serveConsole(fastify, readConsoleFiles());
  }
}
