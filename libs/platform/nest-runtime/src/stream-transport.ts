import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { type StreamProcessor, type TaskHealth } from '@telltale/streaming';

/**
 * The transport strategy by which Nest starts and stops the streams: `listen` joins the consumer groups; `close`, which Nest calls when the
 * application closes, finishes current batches within a deadline and leaves the groups.
 */
export class StreamTransport extends Server implements CustomTransportStrategy {
  constructor(
    private readonly processors: readonly StreamProcessor[],
    private readonly deadlineMs: number,
  ) {
    super();
  }

  listen(done: (error?: unknown) => void): void {
    Promise.all(this.processors.map((processor) => processor.start())).then(() => done(), done);
  }

  async close(): Promise<void> {
    await Promise.all(this.processors.map((processor) => processor.drain(this.deadlineMs)));
  }

  tasks(): readonly TaskHealth[] {
    return this.processors.flatMap((processor) => processor.tasks());
  }

  override on(): never {
    throw new TypeError('streams have no events to listen to');
  }

  override unwrap<T>(): T {
    return this.processors as T;
  }
}
