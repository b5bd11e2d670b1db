#!/usr/bin/env -S node --max-semi-space-size=64
// Runs the bundle; in a checkout, builds it when a source is newer.
'use strict';
const { existsSync, readdirSync, statSync } = require('node:fs');
const { join, dirname } = require('node:path');
const { spawnSync } = require('node:child_process');

const root = join(dirname(require('node:fs').realpathSync(__filename)), '..', '..', '..');
const bundle = join(root, 'dist', 'apps', 'cli', 'main.cjs');

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) latest = Math.max(latest, newest(path));
    else if (entry.name.endsWith('.ts')) latest = Math.max(latest, statSync(path).mtimeMs);
  }
  return latest;
}

const isCheckout = existsSync(join(root, 'tools', 'build.mjs'));
if (
  isCheckout &&
  (!existsSync(bundle) || statSync(bundle).mtimeMs < Math.max(newest(join(root, 'apps')), newest(join(root, 'libs'))))
) {
  const built = spawnSync(process.execPath, [join(root, 'tools', 'build.mjs')], { stdio: ['ignore', 2, 2] });
  if (built.status !== 0) {
    process.stderr.write('telltale: the build failed; run `npm ci` and try again\n');
    process.exit(1);
  }
}
require(bundle);
