import { type OpenApiDocument, type Operation } from './document';

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const json = (value: unknown): string => `<pre>${escape(JSON.stringify(value, null, 2))}</pre>`;

function parametersOf({ parameters }: Operation): string {
  if (parameters.length === 0) return '';
  const rows = parameters.map(
    ({ name, in: place, required, description, schema }) =>
      `<tr><td><code>${escape(name)}</code></td><td>${place}${required ? ', required' : ''}</td><td>${escape(description)}</td><td><code>${escape(JSON.stringify(schema))}</code></td></tr>`,
  );
  return `<table><tr><th>parameter</th><th>where</th><th>what</th><th>schema</th></tr>${rows.join('')}</table>`;
}

function section(path: string, method: string, operation: Operation): string {
  const body = operation.requestBody?.content['application/json'];
  const answers = Object.keys(operation.responses).join(', ');
  return `<section id="${operation.operationId}"><h3><code>${method.toUpperCase()} ${escape(path)}</code></h3>
<p>${escape(operation.summary)} ${escape(operation.description)}</p>${parametersOf(operation)}${body ? `<p>Body, for example:</p>${json(body.example)}` : ''}<p>Answers ${answers}.</p></section>`;
}

/** The document as a page for people: no script, nothing from elsewhere. */
export function docsPage({ info, tags, paths, components }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const chapters = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return `<h2>${escape(description)}</h2>${own.map(({ path, method, operation }) => section(path, method, operation)).join('\n')}`;
  });
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `<details id="${name}"><summary>${name}</summary>${json(schema)}</details>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(info.title)} API</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2rem .5rem;text-align:left;vertical-align:top}pre{background:#f6f6f6;padding:.5rem;overflow:auto}</style>
<h1>${escape(info.title)} API</h1><p>${escape(info.description)}</p><p>For programs: <a href="openapi.json">openapi.json</a></p>
${chapters.join('\n')}<h2>Schemas</h2>${schemas.join('\n')}</html>
`;
}
