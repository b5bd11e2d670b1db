import { isDeepStrictEqual } from 'node:util';
import { eventually } from '../harness/service-process';

const WITHIN_MS = 60_000;
const EVERY_MS = 100;

/** Waits until what is read of a page is what is wanted; a failure shows what it was instead. */
export async function becomes<T>(read: () => Promise<T>, wanted: T): Promise<void> {
  let seen = await read();
  await eventually(
    `it is ${JSON.stringify(wanted)}`,
    async () => {
      seen = await read();
      return { done: isDeepStrictEqual(seen, wanted), seen };
    },
    WITHIN_MS,
    EVERY_MS,
  );
  expect(seen).toEqual(wanted);
}
