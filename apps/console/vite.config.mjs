// Builds the console into dist/apps/console, which insights serves. Nothing is put into the page itself: its policy allows no inline script or style.
import react from '@vitejs/plugin-react';
import { join } from 'node:path';
import { defineConfig } from 'vite';

const root = import.meta.dirname;
const libs = join(root, '..', '..', 'libs');

export default defineConfig({
  root,
  plugins: [react()],
  resolve: {
    alias: {
      '@telltale/api-client': join(libs, 'api-client', 'src', 'index.ts'),
    },
  },
  build: {
    outDir: join(root, '..', '..', 'dist', 'apps', 'console'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    // What the first page needs is one file: the document, a script and a style are all that is asked for before it shows.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
  },
  // While the page is worked on: `npx vite apps/console` beside a `telltale up`.
  server: {
    proxy: { '/api': process.env.TELLTALE_URL ?? 'http://localhost:4318' },
  },
});
