import { slot } from './packed';

const LEAST_GAIN = 1 / 3_000;

/** Middle and scale of a value: two slots. */
export function trainScale(f: Float32Array, at: number, value: number, young: number): void {
  const scale = slot(f, at + 1);
  const middle = young === 1 ? value : slot(f, at);
  const bound = scale > 0 ? 5 * scale : Infinity;
  const off = Math.max(-bound, Math.min(bound, value - middle));
  const gain = young > LEAST_GAIN ? young : LEAST_GAIN;
  f[at] = middle + off * gain;
  f[at + 1] = scale + (Math.abs(off) - scale) * gain;
}

/** An exponential mean in one slot; `young`: 1 / number of values so far, including this one. Returns the new mean. */
export function moveMean(f: Float32Array, at: number, value: number, gain: number, young: number): number {
  const mean = slot(f, at);
  const moved = mean + (value - mean) * (young > gain ? young : gain);
  f[at] = moved;
  return moved;
}
