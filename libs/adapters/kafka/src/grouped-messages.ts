import { type OutputRecord } from '@telltale/streaming';
import { type Message } from 'kafkajs';

/**
 * Messages with their partitions. kafkajs 2.2 groups messages by reducing them, and copies the whole group of a partition for each message
 * of it, which takes quadratic time; these are grouped already. A test compares both.
 */
export class GroupedMessages extends Array<Message> {
  private readonly groups: Record<number, Message[]> = {};

  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  add(partition: number, { key, value, headers }: OutputRecord): void {
    const message: Message = headers ? { key, value, partition, headers: { ...headers } } : { key, value, partition };
    this.push(message);
    (this.groups[partition] ??= []).push(message);
  }

  /** The only reduction that the client asks for: messages by partition. */
  override reduce(): never {
    return this.groups as never;
  }
}
