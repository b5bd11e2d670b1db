import { type DynamicModule, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type FastifyInstance } from 'fastify';
import { createDoors, type Doors } from './answers';
import { createControlBoard } from './control-board';
import { type GatewayDeps } from './deps';
import { admit } from './http/admission';
import { ControlController } from './http/control.controller';
import { IntakeController } from './http/intake.controller';
import { BOARD, DEPS, DOORS } from './tokens';

@Module({})
export class GatewayModule implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(DEPS) private readonly deps: GatewayDeps,
    @Inject(DOORS) private readonly doors: Doors,
    @Inject(BOARD) private readonly board: ReturnType<typeof createControlBoard>,
  ) {}

  static register(deps: GatewayDeps): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [IntakeController, ControlController],
      providers: [
        { provide: DEPS, useValue: deps },
        { provide: DOORS, useValue: createDoors(deps) },
        { provide: BOARD, useValue: createControlBoard(deps) },
      ],
    };
  }

  onModuleInit(): void {
    admit(this.host.httpAdapter.getInstance<FastifyInstance>(), this.deps, this.doors.intake);
    // Logged where it fails; without it /v1/control keeps answering 503.
    this.board.follow().catch(() => undefined);
  }
}
