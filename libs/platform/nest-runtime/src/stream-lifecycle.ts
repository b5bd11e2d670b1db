import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { type TaskHealth, type StreamProcessor } from '@telltale/streaming';

/** The lifecycle shell that Nest sees: starts the stream processors with the app and drains them before anything else closes. */
export class StreamLifecycle extends Server implements CustomTransportStrategy {
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
