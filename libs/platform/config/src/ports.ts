/** HTTP port of each service in a process of its own, so that all of them can run on one machine; OTLP/gRPC has 4317. */
export const SERVICE_HTTP_PORTS: Readonly<Record<string, number>> = {
  gateway: 4318,
  insights: 4319,
  enricher: 4331,
  scorer: 4332,
  costs: 4333,
  incidents: 4334,
  verbosity: 4335,
};
