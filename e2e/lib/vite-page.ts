import { fileURLToPath } from 'node:url'
import { build, preview } from 'vite'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const OUTPUT = `${ROOT}node_modules/.cache/harness`

/** Builds the harness page like the product and serves it; close it when done. */
export async function serveHarness(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const common = { root: ROOT, configFile: `${ROOT}vite.config.ts`, logLevel: 'error' } as const
  const input = `${ROOT}e2e/harness/index.html`
  await build({ ...common, publicDir: false, build: { outDir: OUTPUT, emptyOutDir: true, rolldownOptions: { input } } })
  const server = await preview({ ...common, build: { outDir: OUTPUT }, preview: { port: 0, host: 'localhost' } })
  const base = server.resolvedUrls?.local[0]
  if (base === undefined) throw new Error('vite: the harness server has no local address')
  return { url: `${base}e2e/harness/index.html`, close: () => server.close() }
}
