// Finds the needles in each `*.zst` file of a folder with the in-process engine, because Node 20 cannot read Zstandard. Arguments: the
// folder, and a file with the needles as a JSON array. Prints JSON: file name → needles.
'use strict';
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { query } = require('chdb');

const [folder, needlesFile] = process.argv.slice(2);
const quote = (text) => `'${text.replace(/['\\]/g, '\\$&')}'`;
const needles = JSON.parse(readFileSync(needlesFile, 'utf8')).map(quote).join(', ');
const rows = query(
  `SELECT _file AS file, arrayFilter(needle -> position(content, needle) > 0, [${needles}]) AS found
   FROM file(${quote(join(folder, '*.zst'))}, 'RawBLOB', 'content String')`,
  'JSONEachRow',
);
const found = rows.split('\n').filter(Boolean).map((row) => JSON.parse(row)); // prettier-ignore
process.stdout.write(JSON.stringify(Object.fromEntries(found.map(({ file, found: has }) => [file, has]))));
