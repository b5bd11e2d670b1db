import { type DetectorReplay } from './replay';

const refuse = (): Promise<never> => Promise.reject(new Error('not part of this test'));

/** For questions that do not ask the detector. */
export const noReplay: DetectorReplay = {
  defaultFalsePerDay: 5,
  metricsWithParent: (metric) => [metric],
  run: refuse,
  expectedRanges: refuse,
};
