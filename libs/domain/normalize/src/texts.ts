import { isRecord } from '@telltale/kernel';
import { parseJson } from './parse-json';

/** The texts that were embedded, without their vectors; a value without such a text as it is. */
export function texts(value: unknown): unknown {
  const plain = parseJson(value);
  if (!Array.isArray(plain)) return plain;
  const said = plain.flatMap((one: unknown): string[] => {
    const inner = parseJson(one);
    if (typeof inner === 'string') return [inner];
    const embedding = isRecord(inner) && isRecord(inner['embedding']) ? inner['embedding'] : inner;
    return isRecord(embedding) && typeof embedding['text'] === 'string' ? [embedding['text']] : [];
  });
  return said.length > 0 ? said : isVectors(plain) ? '' : plain;
}
const isVectors = (list: readonly unknown[]): boolean =>
  list.every((one) => isRecord(one) && isRecord(one['embedding']) && 'vector' in one['embedding']);
