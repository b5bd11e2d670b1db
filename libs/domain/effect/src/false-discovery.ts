/** q-values of several tests: the share of false findings among those no greater (Benjamini and Hochberg, JRSS B 57, 1995). */
export function falseDiscoveryRates(ps: readonly number[]): number[] {
  const order = ps.map((p, at) => ({ p, at })).sort((a, b) => b.p - a.p);
  const rates = ps.map(() => 1);
  let least = 1;
  order.forEach(({ p, at }, i) => {
    least = Math.min(least, (p * ps.length) / (ps.length - i));
    rates[at] = least;
  });
  return rates;
}
