import { createRequire } from 'node:module';

interface AbortedTransaction {
  readonly producerId: string;
  readonly firstOffset: string;
}
interface FetchResponse {
  readonly responses: readonly {
    readonly partitions: readonly { readonly abortedTransactions?: AbortedTransaction[] | null }[];
  }[];
}
interface BrokerClass {
  readonly prototype: { fetch(this: unknown, request: unknown): Promise<FetchResponse> };
}

const byFirstOffset = (a: AbortedTransaction, b: AbortedTransaction): number => {
  const [first, second] = [BigInt(a.firstOffset), BigInt(b.firstOffset)];
  return first < second ? -1 : first > second ? 1 : 0;
};

/**
 * Brokers list aborted transactions in the order in which they ended. kafkajs 2.2 expects the order of their first records, and returns
 * records of an aborted transaction that began before and ended after another one. Two tasks of a killed process leave exactly that. The
 * only way to fix it is to patch the class that fetches.
 */
const { prototype } = createRequire(__filename)('kafkajs/src/broker') as BrokerClass;
const fetched = prototype.fetch;
prototype.fetch = async function fetch(request) {
  const response = await fetched.call(this, request);
  for (const { partitions } of response.responses)
    for (const { abortedTransactions } of partitions) abortedTransactions?.sort(byFirstOffset);
  return response;
};
