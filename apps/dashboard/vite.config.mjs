import { defineConfig } from 'vite';

/**
 * Names with a digest, so that browsers may keep what they have; served by the API at `/` and `/assets`. No part is put inline: the page's
 * content policy allows nothing inline. Browsers from 2024 on, which know `light-dark()`.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    target: ['chrome123', 'firefox124', 'safari17.5'],
  },
  server: { proxy: { '/v1': 'http://localhost:3000' } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
