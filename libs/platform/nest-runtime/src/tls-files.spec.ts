import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tlsFilesOf } from './tls-files';

const folder = mkdtempSync(join(tmpdir(), 'telltale-pem-'));
const pem = join(folder, 'a.pem');
const other = join(folder, 'b.pem');
beforeAll(() => {
  writeFileSync(pem, '-----BEGIN CERTIFICATE-----\n');
  writeFileSync(other, 'no certificate');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('files of TLS', () => {
  it('are none, an authority, a certificate with its key, or all', () => {
    const read = Buffer.from('-----BEGIN CERTIFICATE-----\n');
    expect(tlsFilesOf({}, 'X')).toBeNull();
    expect(tlsFilesOf({ X_CA_FILE: pem, Y_CERT_FILE: pem }, 'X')).toEqual({ ca: read });
    expect(tlsFilesOf({ X_CERT_FILE: pem, X_KEY_FILE: pem }, 'X')).toEqual({ cert: read, key: read });
    expect(tlsFilesOf({ X_CA_FILE: pem, X_CERT_FILE: pem, X_KEY_FILE: pem }, 'X')).toEqual({ ca: read, cert: read, key: read });
  });
  it.each([
    [{ X_CA_FILE: join(folder, 'none') }, /X_CA_FILE: .*none cannot be read \(ENOENT\): give the path of a PEM file/],
    [{ X_CA_FILE: other }, /X_CA_FILE: .*b\.pem is not a PEM file/],
    [{ X_CERT_FILE: pem }, 'X_KEY_FILE is not set and X_CERT_FILE is: give both, or neither'],
    [{ X_KEY_FILE: pem }, 'X_CERT_FILE is not set and X_KEY_FILE is: give both, or neither'],
  ])('%j is refused with the fix', (config, said) => expect(() => tlsFilesOf(config, 'X')).toThrow(said));
});
