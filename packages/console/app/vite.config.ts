import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Addresses are relative to the page's base: the host decides where the console is mounted.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: { outDir: '../dist/app', emptyOutDir: true, modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
});
