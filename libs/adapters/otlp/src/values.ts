import { type OtlpAttributes, type OtlpValue } from '@telltale/contracts';

/** Sets an attribute; the one name that means something to objects is set as a plain property too. */
export function setAttribute(into: OtlpAttributes, key: string, value: OtlpValue): void {
  if (key === '__proto__') Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });
  else into[key] = value;
}

/** Numbers that JSON cannot say are said in words. */
export const finite = (value: number): OtlpValue => (Number.isFinite(value) ? value : String(value));
