import { z } from 'zod';
import { COMMANDS, QUERIES } from '../catalog';
import { docsPage } from './docs-page';
import { openApiDocument, type Operation } from './document';
import { type JsonSchema } from './schemas';

const ALL = [...QUERIES, ...COMMANDS];
const document = openApiDocument(ALL);
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
const byId = operations.map((operation) => [operation.operationId, operation] as const);

/** Every `$ref` below a value. */
function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === '$ref' ? [String(inner)] : refsIn(inner)));
}
const at = (ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], document);
const schemaAt = ({ $ref }: JsonSchema): JsonSchema => at(String($ref)) as JsonSchema;
const accepts = (schema: JsonSchema, value: unknown): boolean => z.fromJSONSchema({ ...schema }).safeParse(value).success;

const exampleOf = ({ parameters }: Operation, name: string) => parameters.find((parameter) => parameter.name === name);

describe('the OpenAPI document', () => {
  it('has an operation for every question and command', () => {
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(ALL.map(({ name }) => name).sort());
  });

  it('points only at what it has, and has nothing that nobody points at', () => {
    const refs = refsIn(document);
    expect(refs.filter((ref) => at(ref) === undefined)).toEqual([]);
    const { schemas, responses } = document.components;
    const parts = [...Object.keys(schemas).map((name) => `schemas/${name}`), ...Object.keys(responses).map((name) => `responses/${name}`)]; // prettier-ignore
    expect(parts.filter((part) => !refs.includes(`#/components/${part}`))).toEqual([]);
  });

  it.each(byId)('%s says what it is, and describes parameters, answers and errors', (_, operation) => {
    expect(operation.summary).toMatch(/^[A-Z].*\.$/);
    expect(document.tags.map(({ name }) => name)).toEqual(expect.arrayContaining([...operation.tags]));
    expect(operation.tags).toHaveLength(1);
    expect(operation.parameters.filter(({ description, schema }) => !description || Object.keys(schema).length === 0)).toEqual([]); // prettier-ignore
    const statuses = Object.keys(operation.responses);
    expect(statuses).toEqual(expect.arrayContaining(['400', '401', '403', '429', '503']));
    expect(statuses.filter((status) => status.startsWith('2'))).toHaveLength(1);
    expect(statuses.includes('413')).toBe(operation.requestBody !== undefined);
  });

  it.each(ALL.map((one) => [one.name, one] as const))('%s has examples that its own schemas accept', (name, { example }) => {
    const operation = operations.find(({ operationId }) => operationId === name) as Operation;
    const shown = operation.parameters.filter((parameter) => parameter.example !== undefined);
    expect(shown.filter(({ schema, example: value }) => !accepts(schema, value))).toEqual([]);
    const body = operation.requestBody?.content['application/json'];
    const inBody = Object.keys(example).filter((field) => !exampleOf(operation, field));
    expect(Object.keys((body?.example as object | undefined) ?? {}).sort()).toEqual(inBody.sort());
    expect(body === undefined || accepts(schemaAt(body.schema), body.example)).toBe(true);
    expect(body !== undefined && accepts(schemaAt(body.schema), { nobody_reads_this: 1 })).toBe(false);
  });

  it('has an example of every error, which its schema accepts', () => {
    const errors = [...Object.values(document.components.responses), ...operations.flatMap(({ responses }) => Object.values(responses))]; // prettier-ignore
    const examples = errors.flatMap((response) => ('content' in response ? [response.content['application/json']] : [])).filter((content) => content?.example !== undefined); // prettier-ignore
    expect(examples.length).toBeGreaterThan(6);
    expect(examples.filter((content) => !accepts(schemaAt(content?.schema ?? {}), content?.example))).toEqual([]);
    expect(accepts(schemaAt(examples[0]?.schema ?? {}), { error: 'text' })).toBe(false);
  });

  it('is a page for people, too, which shows every operation and runs nothing', () => {
    const page = docsPage(document);
    expect(operations.filter(({ operationId }) => !page.includes(`id="${operationId}"`))).toEqual([]);
    expect(page).not.toMatch(/<script|https?:\/\//);
  });
});
