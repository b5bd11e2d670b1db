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
 * Brokers list aborted transactions in the order in which they ended; kafkajs 2.2 walks them as if in that of their first records, and hands
 * out records of one that began before and ended after another. Two tasks of a process that was killed leave just that. There is no receiver to
 * it but the class that fetches.
 */
const { prototype } = createRequire(__filename)('kafkajs/src/broker') as BrokerClass;
const fetched = prototype.fetch;
prototype.fetch = async function fetch(request) {
  const response = await fetched.call(this, request);
  for (const { partitions } of response.responses)
    for (const { abortedTransactions } of partitions) abortedTransactions?.sort(byFirstOffset);
  return response;
};
