import { type OpenApiDocument } from '@telltale/query';

type Operation = OpenApiDocument['paths'][string][string];

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |\n`;

function section(path: string, method: string, operation: Operation, schemas: OpenApiDocument['components']['schemas']): string {
  const body = operation.requestBody?.content['application/json'];
  const bodySchema = schemas[String(body?.schema['$ref']).split('/').at(-1) ?? ''];
  const properties = (bodySchema?.['properties'] ?? {}) as Readonly<Record<string, { readonly description?: string }>>;
  const required = (bodySchema?.['required'] ?? []) as readonly string[];
  const parameters = [
    ...operation.parameters.map(({ name, in: place, required: isRequired, description }) => ({ name, place, isRequired, description })),
    ...Object.entries(properties).map(([name, { description = '' }]) => ({ name, place: 'body', isRequired: required.includes(name), description })),
  ]; // prettier-ignore
  const table =
    parameters.length === 0
      ? ''
      : `\n${row(['parameter', 'where', 'what'])}${row(['---', '---', '---'])}${parameters.map(({ name, place, isRequired, description }) => row([`\`${name}\``, `${place}${isRequired ? ', required' : ''}`, description])).join('')}`;
  const example = body ? `\nBody, for example: \`${JSON.stringify(body.example)}\`\n` : '';
  return `### ${method.toUpperCase()} ${path}\n\n${operation.summary} ${operation.description}\n${table}${example}`;
}

/** The questions and commands of the OpenAPI document as a page of the docs. */
export function apiPage({ info, tags, paths, components }: OpenApiDocument, note: string): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const chapters = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return `## ${description}\n\n${own.map(({ path, method, operation }) => section(path, method, operation, components.schemas)).join('\n')}`;
  });
  return `# API\n\n${note}${info.description}\n\nSchemas of answers and bodies: [openapi.json](openapi.json), which insights serves at \`/api/openapi.json\`.\n\n${chapters.join('\n')}`;
}
