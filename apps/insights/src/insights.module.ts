import { type DynamicModule, Module } from '@nestjs/common';
import { ControlController } from './control/control.controller';
import { DlqController } from './control/dlq.controller';
import { DetectorOverridesController } from './control/detector-overrides.controller';
import { RepriceController } from './control/reprice.controller';
import { INSIGHTS, type InsightsDeps, type InsightsParts } from './deps';
import { createQuestions } from './questions/questions';
import { TailController } from './live/tail.controller';
import { ConversationsController } from './reads/conversations.controller';
import { FindingsController } from './reads/findings.controller';
import { QueryController } from './reads/query.controller';
import { TopicsController } from './reads/topics.controller';

@Module({})
export class InsightsModule {
  static register(parts: InsightsParts): DynamicModule {
    const deps: InsightsDeps = { ...parts, questions: createQuestions(parts) };
    return {
      module: InsightsModule,
      controllers: [
        ConversationsController,
        FindingsController,
        TopicsController,
        QueryController,
        TailController,
        ControlController,
        DetectorOverridesController,
        DlqController,
        RepriceController,
      ],
      providers: [{ provide: INSIGHTS, useValue: deps }],
    };
  }
}
