import { TOKEN_FORMS, type TokenForm } from '../libs/domain/privacy/src/token-forms';
import { isKind } from '../libs/domain/privacy/src/characters';
import { type TextVector } from './sdk-vectors';

const ALPHABETS = ['aB3dE5fG7hJ9', 'A1B2C3D4E5F6', '0a1b2c3d4e5f'];
const of = (alphabet: string, length: number): string => alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length);
const HEX = '0a1b2c3d4e5f';

/** Made up; of forms that a shape tells. */
const SHAPED: Readonly<Record<string, readonly string[]>> = {
  '1password': [`A3-A1B2C3-${of('A1B2C3', 11)}-A1B2C-D3E4F-A5B6C`],
  authress: [`sc_abcde.abcd.acc-${of(HEX, 12)}.${of('aB3dE5', 40)}`],
  'azure-ad': [`abc1Q~${of('aB3dE5', 32)}`],
  databricks: [`dapi${of(HEX, 32)}`],
  harness: [`pat.${of('aB3dE5', 22)}.${of('aB3dE5', 24)}.${of('aB3dE5', 20)}`],
  jwt: [`eyJ${of('aB3dE5', 20)}.eyJ${of('aB3dE5', 20)}.${of('aB3dE5', 20)}`],
  launchdarkly: [`sdk-${of(HEX, 8)}-4e5f-6071-8293-${of(HEX, 12)}`],
  lob: [`live_${of(HEX, 35)}`, `test_pub_${of(HEX, 31)}`],
  mailchimp: [`${of(HEX, 32)}-us12`],
  mapbox: [`pk.${of(HEX, 60)}.${of(HEX, 22)}`],
  maxmind: [`aB3dE5_${of('aB3dE5', 29)}_mmk`],
  yandex: [`AQVN${of('aB3dE5', 38)}`],
};

function valueOf({ made, least, most, lead, prefix }: TokenForm): string {
  const alphabet = ALPHABETS.find((signs) => [...signs].every((sign) => isKind(sign.charCodeAt(0), made))) ?? '';
  return `${of('aB3dE5fG', lead)}${prefix}${of(alphabet, Math.min(most, Math.max(least, 20)))}`;
}

/** Each known form: a token in a sentence is masked, its prefix alone and before words is not. */
export function tokenVectors(): TextVector[] {
  const shaped = new Set<string>();
  return TOKEN_FORMS.flatMap((form): TextVector[] => {
    const { id, prefix, shape, keepsPrefix } = form;
    const values = shape === null ? [valueOf(form)] : shaped.has(id) ? [] : (SHAPED[id] ?? []);
    shaped.add(id);
    const left = `see ${prefix} here, the ${prefix}name of it`;
    return [
      ...values.map((value) => ({
        name: `token of ${id}`,
        input: `use ${value}, please`,
        output: `use ${keepsPrefix ? prefix : ''}[SECRET], please`,
      })),
      { name: `no token of ${id}: ${prefix}`, input: left, output: left },
    ];
  });
}
