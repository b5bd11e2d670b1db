export { type ApiClient, type ApiRequest, createApiClient, requestOf } from './client';
export { type Operations } from './generated/operations';
export { type Anomaly, type DeadLetter, type Directive, type Incident, type Operation, type Setting, type Spend, type Topic } from './generated/types'; // prettier-ignore
