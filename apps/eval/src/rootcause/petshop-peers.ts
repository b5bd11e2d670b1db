import { type Component } from '@telltale/domain-rootcause';
import { mean, median, standardDeviation } from 'simple-statistics';
import { type PetshopIssue } from './petshop-data';

// The simplest rules there are, over the same figures.

const valuesOf = (windows: Component['before']): number[] => windows.flatMap(({ value }) => (value === null ? [] : [value]));

function byScore({ components }: PetshopIssue, scoreOf: (before: number[], after: number[]) => number): string[] {
  return components
    .map(({ id, before, after }) => {
      const [was, is] = [valuesOf(before), valuesOf(after)];
      return { id, score: was.length > 1 && is.length > 0 ? scoreOf(was, is) : 0 };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ id }) => id);
}

const deviation = (was: number[], is: number[]): number => (mean(is) - mean(was)) / Math.max(standardDeviation(was), 1e-9);

/** Most standard deviations above its usual value. */
export const largestDeviation = (issue: PetshopIssue): string[] => byScore(issue, deviation);

/** Largest ratio to its usual value. */
export const largestChange = (issue: PetshopIssue): string[] =>
  byScore(issue, (was, is) => (mean(is) - median(was)) / Math.max(Math.abs(median(was)), 1e-9));

const DEVIATES = 3;

/** From the target down along what deviates; a component that deviates and calls none that does is a cause. */
export function callees(issue: PetshopIssue): string[] {
  const order = largestDeviation(issue);
  const deviates = new Set(
    issue.components.filter(({ before, after }) => {
      const [was, is] = [valuesOf(before), valuesOf(after)];
      return was.length > 1 && is.length > 0 && deviation(was, is) > DEVIATES;
    }).map(({ id }) => id),
  ); // prettier-ignore
  const causes: string[] = [];
  const seen = new Set([issue.target]);
  for (const id of seen) {
    const next = issue.calls.filter(({ caller, callee }) => caller === id && deviates.has(callee)).map(({ callee }) => callee);
    if (next.length === 0) causes.push(id);
    next.forEach((one) => seen.add(one));
  }
  return causes.sort((a, b) => order.indexOf(a) - order.indexOf(b));
}
