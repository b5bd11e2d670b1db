export { type FleetSeries, measureAt, newFleetSeries } from './fleet-series';
