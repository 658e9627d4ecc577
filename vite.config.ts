import { readFileSync } from 'node:fs'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as { version: string }

// Shared memory between workers needs a cross-origin isolated page; hosts that cannot send these lose only that.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

export default defineConfig({
  base: './',
  plugins: [react()],
  define: {
    global: 'globalThis',
    __APP_VERSION__: JSON.stringify(version),
  },
  server: { headers: isolation },
  preview: { headers: isolation },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // Plotly is one chunk by nature and is loaded when the first plot is drawn.
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'plotly', test: /node_modules[\\/](plotly\.js|d3-|@plotly|mouse-|regl|topojson|gl-)/ },
            { name: 'katex', test: /node_modules[\\/]katex/ },
          ],
        },
      },
    },
  },
})
