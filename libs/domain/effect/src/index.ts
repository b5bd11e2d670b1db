export { type Clusters, type Difference, differenceOf, LEAST_CLUSTERS, type Scale } from './difference';
export { differenceInDifferences, LEAST_POINTS } from './difference-in-differences';
export { falseDiscoveryRates } from './false-discovery';
export { bilinear, gradientOfRatio, type Moments, momentsOf } from './moments';
export { type PanelCell } from './panel';
export { type Share, type ShareDifference, shareDifference } from './share-difference';
export { levelsAround, quantileDifference } from './quantile-difference';
