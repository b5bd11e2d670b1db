import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { freeBytes } from '@telltale/kernel';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Receivers } from '../responses';
import { RECEIVERS } from '../tokens';
import { incomingOf, send } from './request';

@Controller('v1')
export class IngestController {
  constructor(@Inject(RECEIVERS) private readonly receivers: Receivers) {}

  private async take(
    receiver: 'events' | 'conversations' | 'traces' | 'logs' | 'acks',
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const incoming = incomingOf(receiver, request);
    const response = await this.receivers[receiver](incoming);
    // Nobody looks at it any more. One that was compressed may still be read by a thread, where inflating it was given up.
    if (incoming.contentEncoding === '') freeBytes(incoming.body);
    await send(reply, response);
  }

  @Post('events')
  events(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.take('events', request, reply);
  }

  @Post('conversations')
  conversations(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.take('conversations', request, reply);
  }

  @Post('traces')
  traces(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.take('traces', request, reply);
  }

  @Post('logs')
  logs(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.take('logs', request, reply);
  }

  @Post('acks')
  acks(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.take('acks', request, reply);
  }
}
