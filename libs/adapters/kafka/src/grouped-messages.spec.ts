import { type Message } from 'kafkajs';
import { createRequire } from 'node:module';
import { GroupedMessages } from './grouped-messages';

interface Grouping {
  readonly topic: string;
  readonly partitionMetadata: readonly object[];
  readonly messages: readonly Message[];
  readonly partitioner: (of: { readonly message: Message }) => number | undefined;
}
const groupOfClient = createRequire(__filename)('kafkajs/src/producer/groupMessagesPerPartition') as (of: Grouping) => object;
const partitioner: Grouping['partitioner'] = ({ message }) => message.partition;
const grouped = (messages: readonly Message[]): object =>
  groupOfClient({ topic: 't', partitionMetadata: [{}], messages, partitioner });

describe('messages grouped by partition', () => {
  it('are what the client makes of the same messages', () => {
    const messages = new GroupedMessages();
    expect(grouped(messages)).toEqual({});
    for (const [i, partition] of [3, 0, 3, 1, 0, 3].entries())
      messages.add(partition, { topic: 't', key: `k${i}`, value: `v${i}`, ...(i % 2 ? { headers: { i: `${i}` } } : {}) });
    expect(messages).toHaveLength(6);
    expect(grouped(messages)).toEqual(grouped(Array.from(messages)));
    expect(Object.keys(grouped(messages))).toEqual(['0', '1', '3']);
  });
});
