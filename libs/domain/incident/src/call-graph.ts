/** Who calls whom, as turns of the last day showed it. */
export interface CallGraph {
  /** Whether an operation of a service calls one of a service, by itself or through others. */
  reaches(service: string, operation: string, calleeService: string, callee: string): boolean;
  /** Whether anything of a service calls this operation, by itself or through others. */
  serviceReaches(service: string, calleeService: string, callee: string): boolean;
  /** Whether anything of a service calls anything of another one. */
  serviceCalls(service: string, calleeService: string): boolean;
  /** Services that call a service or that it calls, by themselves or through others. */
  servicesAround(service: string): readonly string[];
  /** The model that an operation calls, with its provider; null where it calls none, or several. */
  modelOf(service: string, operation: string): { readonly model: string; readonly provider: string } | null;
  /** Provider of a model; '' where it is not known. */
  providerOf(model: string): string;
  /** Providers of the models that a service calls. */
  providersOf(service: string): readonly string[];
  /** Services that call a model of a provider. */
  servicesUsing(provider: string): readonly string[];
  /** Services that have an operation of this name. */
  servicesWith(operation: string): readonly string[];
  /** Operations of a service that call a model of a provider. */
  callersOfProvider(service: string, provider: string): readonly string[];
  /** Operations of a service that call a model. */
  callersOf(service: string, model: string): readonly string[];
}

export const TURN = 'turn';
