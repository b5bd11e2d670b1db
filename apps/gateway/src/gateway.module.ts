import { type DynamicModule, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type FastifyInstance } from 'fastify';
import { createReceivers, type Receivers } from './responses';
import { createDirectiveStore } from './directive-store';
import { type GatewayDeps } from './deps';
import { admit } from './http/admission';
import { ControlController } from './http/control.controller';
import { measureRequests } from './http/request-durations';
import { IngestController } from './http/ingest.controller';
import { DIRECTIVES, DEPS, RECEIVERS } from './tokens';

@Module({})
export class GatewayModule implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(DEPS) private readonly deps: GatewayDeps,
    @Inject(RECEIVERS) private readonly receivers: Receivers,
    @Inject(DIRECTIVES) private readonly board: ReturnType<typeof createDirectiveStore>,
  ) {}

  static register(deps: GatewayDeps): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [IngestController, ControlController],
      providers: [
        { provide: DEPS, useValue: deps },
        { provide: RECEIVERS, useValue: createReceivers(deps) },
        { provide: DIRECTIVES, useValue: createDirectiveStore(deps) },
      ],
    };
  }

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    measureRequests(fastify, this.deps);
    admit(fastify, this.deps, this.receivers.ingest);
    // Logged where it fails; without it /v1/control keeps returning 503.
    this.board.follow().catch(() => undefined);
  }
}
