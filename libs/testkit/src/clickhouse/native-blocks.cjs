// Results in FORMAT Native as clients that name their protocol version over HTTP read them. The in-process engine has no such clients and
// leaves out what a server adds for them.
'use strict';

/** Since this version each column says whether its values are serialized in a way of their own. */
const WITH_SERIALIZATION_MARK = 54454;
/** Fields of the block: is_overflows = 0, bucket_num = -1, end. */
const BLOCK_INFO = Buffer.from([1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0]);
const PLAIN_SERIALIZATION = Buffer.from([0]);

/** Reads a number of 7 bits a byte, lowest first. */
function readVarUint(bytes, at) {
  let value = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[at++];
    if (byte === undefined) throw new RangeError('a block ends too early');
    value += (byte & 127) * factor;
    if (byte < 128) return [value, at];
  }
}

function afterString(bytes, at) {
  const [length, start] = readVarUint(bytes, at);
  return start + length;
}

/** The position behind the values of a column. Only of types that answers about servers and tables have. */
function afterValues(bytes, at, type, rows) {
  if (type === 'String') {
    for (let row = 0; row < rows; row++) at = afterString(bytes, at);
    return at;
  }
  const bits = /^U?Int(8|16|32|64)$/.exec(type)?.[1];
  if (bits === undefined) throw new TypeError(`the front answers no column of type ${type} in FORMAT Native`);
  return at + (rows * Number(bits)) / 8;
}

/** The same blocks for a client of this protocol version. */
function nativeFor(version, bytes) {
  const pieces = [];
  for (let at = 0; at < bytes.length;) {
    if (version > 0) pieces.push(BLOCK_INFO);
    const head = at;
    const [columns, afterColumns] = readVarUint(bytes, at);
    const [rows, afterRows] = readVarUint(bytes, afterColumns);
    at = afterRows;
    pieces.push(bytes.subarray(head, at));
    for (let column = 0; column < columns; column++) {
      const name = at;
      const typeAt = afterString(bytes, at);
      at = afterString(bytes, typeAt);
      const [length, start] = readVarUint(bytes, typeAt);
      const type = bytes.toString('utf8', start, start + length);
      pieces.push(bytes.subarray(name, at));
      if (version >= WITH_SERIALIZATION_MARK) pieces.push(PLAIN_SERIALIZATION);
      const values = at;
      at = afterValues(bytes, at, type, rows);
      pieces.push(bytes.subarray(values, at));
    }
  }
  return Buffer.concat(pieces);
}

module.exports = { nativeFor };
