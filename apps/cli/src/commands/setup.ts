import { type Io } from '../terminal/io';

/** Kafka and ClickHouse of the environment, for commands that work on them themselves. */
export async function openSetup(io: Io) {
  const { createSetup } = await import('@telltale/platform-nest-runtime');
  return createSetup(io.env, io.signal);
}
