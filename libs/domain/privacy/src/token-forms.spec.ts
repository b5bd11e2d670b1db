import { findSpans } from './redact-text';
import { TOKEN_FORMS } from './token-forms';

const secretsOf = (text: string): string[] => findSpans(text, 'content').map(({ start, end }) => text.slice(start, end));

// Forms with a shape of their own are drawn from the public rules in apps/eval/src/secrets.
const PLAIN = TOKEN_FORMS.filter(({ shape, lead }) => shape === null && lead === 0);
const ALPHABETS: Readonly<Record<string, string>> = { hex: '0a1b2c3d4e5f', upper: 'A1B2C3D4E5F6', alnum: 'aB3dE5fG7hJ9' };
/** A value of the form: the fewest characters it may have, of the widest alphabet that it accepts. */
function valuesOf({ prefix, least, keepsPrefix }: (typeof TOKEN_FORMS)[number]): { text: string; secret: string }[] {
  const length = Math.max(least, 20);
  return Object.values(ALPHABETS).map((alphabet) => {
    const body = alphabet
      .repeat(Math.ceil(length / alphabet.length))
      .slice(0, Math.max(least, Math.min(length, least || length)));
    return { text: `${prefix}${body}`, secret: keepsPrefix ? body : `${prefix}${body}` };
  });
}

describe('tokens by their prefix', () => {
  it.each(PLAIN.map((form) => [form.id, form.prefix, form] as const))('%s: %s… is masked whole', (_, __, form) => {
    const masked = valuesOf(form).filter(({ text, secret }) => secretsOf(`use ${text}, please`).join() === secret);
    expect(masked.length).toBeGreaterThan(0);
  });
  it.each(TOKEN_FORMS.map(({ id, prefix }) => [id, prefix] as const))(
    '%s: %s is not one alone, nor before a word',
    (_, prefix) => {
      for (const text of [`see ${prefix} here`, `see ${prefix}name here`, `the (${prefix}) of it`])
        expect(secretsOf(text)).toEqual([]);
    },
  );
  it.each(PLAIN.filter(({ needs }) => needs === 'digit').map(({ id, prefix }) => [id, prefix] as const))(
    '%s: %s before words is a name',
    (_, prefix) => expect(secretsOf(`see ${prefix}names-of-some-things`)).toEqual([]),
  );
  it('end where the sentence does', () => {
    const token = `gl${'pat-'}aB3dE5fG7hJ9kL1mN3pQ`;
    expect(secretsOf(`it was ${token}.`)).toEqual([token]);
    expect(secretsOf(`it was ${token}.01.a1b2c3d4e.`)).toEqual([`${token}.01.a1b2c3d4e`]);
  });
  it('are masked without a digit when both cases are mixed', () => {
    const token = `gl${'pat-'}aBcDeFgHiJkLmNoPqRsT`;
    expect(secretsOf(`use ${token} now`)).toEqual([token]);
    expect(secretsOf('use glpat-your-token-comes-here now')).toEqual([]);
  });
});
