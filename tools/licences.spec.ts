import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');
/** They let anybody use, change and ship the code, and ask for no more than their notice. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0', 'Unlicense'];

interface Package {
  readonly license?: unknown;
  readonly dev?: boolean;
  readonly link?: boolean;
}
const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const { packages } = readJson(join(ROOT, 'package-lock.json')) as { packages: Record<string, Package> };
const SHIPPED = Object.keys(packages).filter(
  (path) => path.startsWith('node_modules/') && !packages[path]?.dev && !packages[path]?.link,
);

/** Of a package as it is installed, or as the lock file has it. */
function licenceOf(path: string): string | null {
  const manifest = join(ROOT, path, 'package.json');
  const licence = existsSync(manifest) ? (readJson(manifest) as Package).license : packages[path]?.license;
  return typeof licence === 'string' ? licence : null;
}
/** Builds of one package for other machines are not installed on this one, and not each is described in the lock file. */
const siblingsOf = (path: string): string[] => SHIPPED.filter((other) => other !== path && dirname(other) === dirname(path));
const licencesOf = (path: string): (string | null)[] => {
  const own = licenceOf(path);
  return own !== null || existsSync(join(ROOT, path))
    ? [own]
    : siblingsOf(path)
        .map(licenceOf)
        .filter((one) => one !== null);
};

/** Of `A OR B` one is enough; of `A AND B` all are needed. */
const isPermissive = (licence: string | null): boolean =>
  licence !== null &&
  licence
    .replace(/^\(|\)$/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => PERMISSIVE.includes(one)));

describe('licences of what is shipped', () => {
  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['MIT AND GPL-3.0-only', false],
    ['AGPL-3.0-only', false],
    ['SEE LICENSE IN LICENSE.md', false],
    [null, false],
  ])('%s is permissive: %s', (licence, expected) => expect(isPermissive(licence)).toBe(expected));

  it('are permissive, of every production dependency', () => {
    expect(SHIPPED.length).toBeGreaterThan(100);
    const others = SHIPPED.map((path) => ({ path, licences: licencesOf(path) })).filter(
      ({ licences }) => licences.length === 0 || !licences.every(isPermissive),
    );
    expect(others).toEqual([]);
  });

  it('are one Apache-2.0 of everything that is ours', () => {
    const manifests = ['package.json', 'sdk/node/package.json'].map((path) => (readJson(join(ROOT, path)) as Package).license);
    expect(manifests).toEqual(['Apache-2.0', 'Apache-2.0']);
    expect(readFileSync(join(ROOT, 'sdk/python/pyproject.toml'), 'utf8')).toMatch(/^license = .*Apache-2\.0/m);
    expect(readFileSync(join(ROOT, 'LICENSE'), 'utf8')).toMatch(/Apache License\s+Version 2\.0/);
  });
});
