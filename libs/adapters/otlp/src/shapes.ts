import { fieldsOf, isMessage, MESSAGE_NAMES, type MessageName, type Scalar } from './messages';

// The messages as the scanner asks for them: by field number, with wire types.

export interface MessageShape {
  readonly name: string;
  /** By field number. */
  readonly fields: readonly (FieldShape | undefined)[];
}
export interface FieldShape {
  readonly name: string;
  readonly wire: number;
  /** Must be UTF-8. */
  readonly text: boolean;
  readonly message: MessageShape | undefined;
}

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

const WIRES: Readonly<Record<Scalar, number>> = {
  string: BYTES,
  bytes: BYTES,
  bool: VARINT,
  enum: VARINT,
  int32: VARINT,
  int64: VARINT,
  uint32: VARINT,
  fixed32: FIXED32,
  fixed64: FIXED64,
  double: FIXED64,
};

// Fields are filled in once every message has its shape, as values nest in values.
const shapes = Object.fromEntries(
  MESSAGE_NAMES.map((name) => {
    const fields: (FieldShape | undefined)[] = new Array<undefined>(
      Math.max(...fieldsOf(name).map(({ number }) => number)) + 1,
    ).fill(undefined);
    return [name, { name, fields }];
  }),
) as Readonly<Record<MessageName, { readonly name: string; readonly fields: (FieldShape | undefined)[] }>>;
for (const message of MESSAGE_NAMES)
  for (const { name, number, type } of fieldsOf(message))
    shapes[message].fields[number] = {
      name,
      wire: isMessage(type) ? BYTES : WIRES[type],
      text: type === 'string',
      message: isMessage(type) ? shapes[type] : undefined,
    };

export const SHAPES: Readonly<Record<MessageName, MessageShape>> = shapes;
