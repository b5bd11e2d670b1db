import { type DynamicModule, Module } from '@nestjs/common';
import { runSql, tailEvents } from '@telltale/query';
import { INSIGHTS, type InsightsDeps, type InsightsParts } from './deps';
import { createTailStream } from './live/stream-tail';
import { createQuestions } from './questions/questions';
import { createRoutes } from './routes/create-routes';
import { createSqlStream } from './routes/stream-sql';

@Module({})
export class InsightsModule {
  static register(parts: InsightsParts): DynamicModule {
    const deps: InsightsDeps = { ...parts, questions: createQuestions(parts) };
    const streams = { [runSql.name]: createSqlStream(deps), [tailEvents.name]: createTailStream(deps) };
    return {
      module: InsightsModule,
      controllers: [createRoutes(deps, streams)],
      providers: [{ provide: INSIGHTS, useValue: deps }],
    };
  }
}
