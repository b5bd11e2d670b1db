import protobuf from 'protobufjs';
import { fieldsOf, isMessage, type JsonOf, jsonName, MESSAGE_NAMES, type MessageName, type Scalar } from './messages';

// protobufjs' types of the messages, which encode, and the plain decoder that benchmarks and tests compare with.

const flat = (message: MessageName): string => message.replaceAll('.', '_');
const typeName = (type: Scalar | MessageName): string => (isMessage(type) ? flat(type) : type === 'enum' ? 'int32' : type);

const typeOf = (message: MessageName): protobuf.IType => {
  const fields = fieldsOf(message);
  const choices = fields.filter(({ rule }) => rule === 'oneof').map(({ name }) => jsonName(name));
  return {
    fields: Object.fromEntries(
      fields.map(({ name, number, type, rule }) => [
        jsonName(name),
        { id: number, type: typeName(type), ...(rule === 'repeated' ? { rule } : {}) },
      ]),
    ),
    ...(choices.length ? { oneofs: { value: { oneof: choices } } } : {}),
  };
};

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(MESSAGE_NAMES.map((message) => [flat(message), typeOf(message)])),
});

/** Protobuf bytes of `value`, whose 64-bit numbers may be text. */
export function toBytes<M extends MessageName>(message: M, value: JsonOf<M>): Buffer {
  const type = root.lookupType(flat(message));
  return Buffer.from(type.encode(type.fromObject(value)).finish());
}

const TracesData = root.lookupType('TracesData');
/** What protobufjs alone makes of a body of spans: the yardstick of the gateway's benchmark. */
export const bareDecodeTraces = (bytes: Uint8Array): object => TracesData.decode(bytes);
