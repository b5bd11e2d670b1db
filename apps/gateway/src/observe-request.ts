import { type Metrics } from '@telltale/streaming';

/** `status`: of HTTP, also for gRPC. */
export const observeRequest = (metrics: Metrics, route: string, status: number, ms: number): void =>
  metrics.observe(
    'telltale_gateway_request_duration_seconds',
    { route, status_class: `${Math.floor(status / 100)}xx` },
    ms / 1000,
  );
