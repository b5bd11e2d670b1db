/** Pairs of 32-bit words, by tenant. */
export type IdsByTenant = ReadonlyMap<string, readonly number[]>;

/** Per tenant: length of its name, number of ids, the name, and 8 bytes an id. */
export function packIds(ids: IdsByTenant): Buffer {
  const parts: Buffer[] = [];
  for (const [tenant, words] of ids) {
    const name = Buffer.from(tenant);
    const bytes = Buffer.allocUnsafe(8 + name.length + 4 * words.length);
    bytes.writeUInt32BE(name.length, 0);
    bytes.writeUInt32BE(words.length / 2, 4);
    name.copy(bytes, 8);
    let at = 8 + name.length;
    for (const word of words) at = bytes.writeUInt32BE(word, at);
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

export function unpackIds(bytes: Buffer, add: (tenant: string, high: number, low: number) => void): void {
  for (let at = 0; at < bytes.length;) {
    const nameEnd = at + 8 + bytes.readUInt32BE(at);
    const end = nameEnd + 8 * bytes.readUInt32BE(at + 4);
    const tenant = bytes.toString('utf8', at + 8, nameEnd);
    for (at = nameEnd; at < end; at += 8) add(tenant, bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4));
  }
}
