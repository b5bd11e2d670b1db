import fc from 'fast-check';
import { z } from 'zod';
import { defineQuery } from '../define/define-query';
import { text } from '../define/params';
import { beginningOf, jsonBytes, MAX_RESULT_BYTES } from './fit';
import { linesOf, logfmt } from './logfmt';
import { decodeOffset, encodeOffset } from './offset-cursor';
import { render } from './render';
import { callTool, MCP_TOOLS, toolsFor } from './tools';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const HOSTILE = fc.string({ unit: 'binary', maxLength: 400 });

describe('the tools', () => {
  it('are at most twelve, with names of their own, and point at each other', () => {
    const names = MCP_TOOLS.map(({ mcp }) => mcp.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeLessThanOrEqual(12);
    const pointed = MCP_TOOLS.map(({ mcp }) => [mcp.name, names.filter((name) => mcp.next.includes(name)).length] as const);
    expect(pointed.filter(([, n]) => n === 0)).toEqual([]);
  });

  it('that a key without content has show named fields only', () => {
    const shown = toolsFor(['read:metadata']).map(({ name }) => name);
    expect(shown).toEqual(MCP_TOOLS.filter(({ mcp }) => mcp.withoutContent).map(({ mcp }) => mcp.name));
    const content = /preview|message$|^(input|output)$|title|cause|reason|body|arguments|result|stack/;
    const named = MCP_TOOLS.filter(({ mcp }) => mcp.name !== 'get_turn').flatMap(({ mcp }) => mcp.withoutContent ?? []);
    expect(named.filter((name) => content.test(name))).toEqual([]);
  });
});

const frameOf = (skipped = 0) => ({ tool: 't', next: 'n', nonce: 'abc', skipped, cursorAfter: (n: number) => `c${n}` });

describe('a result', () => {
  it('has at most 8 KB whatever is in it, and whole items', () => {
    fc.assert(
      fc.property(fc.array(HOSTILE, { maxLength: 60 }), fc.array(HOSTILE, { maxLength: 2 }), (items, head) => {
        const lines = items.map((item) => logfmt({ item }));
        const text = render(frameOf(), { items: lines, head: head.map((one) => logfmt({ one })) });
        expect(Buffer.byteLength(JSON.stringify({ content: [{ type: 'text', text }] }))).toBeLessThanOrEqual(MAX_RESULT_BYTES);
        const [, first, last] = /items (\d+) to (\d+)/.exec(text) ?? [];
        expect(lines.length === 0 ? first === undefined : Number(last) >= 1).toBe(true);
      }),
    );
  });

  it('shows at least one item, however long each is', () => {
    const text = render(frameOf(), { items: ['"\\'.repeat(50_000), '\u{1f600}'.repeat(50_000)] });
    expect(text).toMatch(/items 1 to 2\n/);
    expect(text).toMatch(/…\(\+\d+ characters of this item\)/);
  });

  it('goes on where the one before ended', () => {
    const items = Array.from({ length: 300 }, (_, i) => `item-${i} ${'x'.repeat(i)}`);
    const seen: string[] = [];
    for (let skipped = 0; skipped < items.length;) {
      const text = render(frameOf(skipped), { items });
      seen.push(...(text.match(/^item-\d+/gm) ?? []));
      skipped = seen.length;
    }
    expect(seen).toEqual(items.map((_, i) => `item-${i}`));
  });

  it('reads a window of any text to its end, in characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), fc.integer({ min: 1, max: 200 }), (part, times) => {
        const whole = Array.from(part.repeat(times));
        const seen: string[] = [];
        for (let offset = 0, i = 0; offset < whole.length && i < 100; i++) {
          const text = render(frameOf(), { items: [], window: { text: whole.slice(offset).join(''), offset, size: whole.length } });
          expect(jsonBytes(text)).toBeLessThanOrEqual(MAX_RESULT_BYTES);
          const end = Number((/characters [\d,]+ to ([\d,]+)/.exec(text)?.[1] ?? '').replaceAll(',', ''));
          seen.push(whole.slice(offset, end).join(''));
          offset = end;
        }
        expect(seen.join('')).toBe(whole.join(''));
      }),
      { numRuns: 30 },
    );
  }); // prettier-ignore
});

describe('a line', () => {
  it('is one line of what can be seen, whatever is in it', () => {
    fc.assert(
      fc.property(fc.dictionary(HOSTILE, fc.oneof(HOSTILE, fc.integer(), fc.boolean(), fc.array(HOSTILE))), (fields) => {
        expect(logfmt(fields)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      }),
    );
  });

  it.each([
    [{ a: 1, b: 'word', c: 'two words', d: null, e: '', f: [] }, 'a=1 b=word c="two words"'],
    [{ long: 'x'.repeat(300) }, `long=${'x'.repeat(240)}…(+60 characters)`],
    [{ list: ['a', 'b'], map: { k: 1 } }, 'list="[\\"a\\",\\"b\\"]" map="{\\"k\\":1}"'],
  ])('of %j is %s', (fields, line) => expect(logfmt(fields)).toBe(line));

  it('stands for each object of an answer, with its path', () => {
    expect(linesOf({ id: 'x', causes: [{ title: 'slow', turns: [{ id: 't' }] }, { title: 'other' }] })).toEqual([
      'id=x',
      'causes[0]: title=slow',
      'causes[0].turns[0]: id=t',
      'causes[1]: title=other',
    ]);
  });

  it('is cut in whole characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 100 }), (whole, max) => {
        const begin = beginningOf(whole, max);
        expect([whole.startsWith(begin), jsonBytes(begin) <= max]).toEqual([true, true]);
      }),
    );
  });
});

describe('a cursor of an answer that is no list', () => {
  it('goes on with the same question alone', () => {
    const cursor = encodeOffset('why', { id: 'a', b: 1 }, 40);
    expect(decodeOffset('why', { b: 1, id: 'a' }, cursor)).toBe(40);
    for (const [tool, given] of [
      ['why', { id: 'b' }],
      ['who', { id: 'a', b: 1 }],
    ] as const)
      expect(() => decodeOffset(tool, given, cursor)).toThrow(expect.objectContaining({ parameter: 'cursor' }));
  });

  it.each(['', 'x', '000000000000.5', 7, null, {}])('is never %j', (cursor) => {
    expect(() => decodeOffset('why', {}, cursor)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });
});

it('a question becomes a tool by its tag alone: parameters, errors and pages are made of it', async () => {
  const question = defineQuery({
    name: 'why',
    about: 'Why.',
    tag: 'detection',
    scope: 'read',
    path: '/api/why',
    params: { id: text('What') },
    example: { id: 'a' },
    answer: z.object({}),
    mcp: { name: 'why', about: 'Why it broke.', next: 'get_turn(id) shows a turn' },
    run: ({ id }) => Promise.resolve({ id, causes: Array.from({ length: 500 }, (_, i) => ({ title: `cause ${i}` })) }),
  });
  const { mcp } = question;
  if (!mcp) throw new TypeError('it has lost its tag');
  const ask = (args: Record<string, unknown>) =>
    callTool({ ...question, mcp }, args, { scopes: ['read'], now: NOW, nonce: 'n', ask: () => question.ask?.({ id: 'a' }, {} as never) ?? Promise.reject(new Error('no')) }); // prettier-ignore
  const first = await ask({ id: 'a' });
  const cursor = /cursor="(.*)"/.exec(first)?.[1];
  const next = await ask({ id: 'a', cursor });
  const lastOf = (page: string) =>
    Number(
      page
        .match(/cause (\d+)/g)
        ?.at(-1)
        ?.slice(6),
    );
  expect(next).toContain(`cause ${lastOf(first) + 1}"`);
  await expect(ask({ id: 'b', cursor })).rejects.toMatchObject({ parameter: 'cursor' });
  await expect(callTool({ ...question, mcp }, { id: 'a' }, { scopes: ['read:metadata'], now: NOW, nonce: 'n', ask: () => Promise.reject(new Error('asked')) })).rejects.toMatchObject({ code: 'forbidden' }); // prettier-ignore
});
