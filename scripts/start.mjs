// Everything between a fresh clone and a page in the browser. Only Node's own modules are
// imported before the dependencies are installed.
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { buildSite, buildWasm, siteIsUpToDate } from './lib/build.mjs'
import { ensureDependencies } from './lib/install.mjs'
import { ensureMnist } from './lib/mnist.mjs'
import { nodeVersionProblem } from './lib/node-version.mjs'
import { openPage, someoneIsWatching } from './lib/open-page.mjs'

const DEFAULT_PORT = 4173
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const log = (line) => console.log(line)

/** @returns {number} */
function chosenPort() {
  const text = process.env['PORT'] ?? String(DEFAULT_PORT)
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65536) return port
  throw new Error(`PORT=${text} is not a port; give a whole number from 1 to 65535, such as PORT=${DEFAULT_PORT}.`)
}

async function prepareData() {
  try {
    await ensureMnist(root, log)
  } catch (error) {
    log(`MNIST is not prepared: ${error.message}`)
    log('The lab starts all the same; its data stage will say that MNIST is missing until npm start succeeds, and your own .npz data work.')
  }
}

async function build() {
  if (siteIsUpToDate(root)) return
  log('Building the WebAssembly kernels and the page.')
  if ((await buildWasm(root)) !== 0) throw new Error('the WebAssembly kernels did not build; the lines above say why.')
  if ((await buildSite(root)) !== 0) throw new Error('the page did not build; the lines above say why.')
}

/** @param {number} port @returns {Promise<{url: string, close: () => Promise<void>}>} */
async function serve(port) {
  const { preview } = await import('vite')
  try {
    const server = await preview({ root, logLevel: 'error', preview: { port, strictPort: true, open: false } })
    return { url: server.resolvedUrls?.local[0] ?? `http://localhost:${port}/`, close: () => server.close() }
  } catch (error) {
    if (!/already in use|EADDRINUSE/.test(error.message)) throw error
    throw new Error(`port ${port} is taken, perhaps by a lab that is still running; stop it or choose another port, for example PORT=${port + 1} npm start.`)
  }
}

async function main() {
  const tooOld = nodeVersionProblem()
  if (tooOld !== undefined) throw new Error(tooOld)
  const port = chosenPort()
  await ensureDependencies(root, log)
  await prepareData()
  await build()
  const { url, close } = await serve(port)
  log(`Hessian Lab: ${url} (Ctrl-C stops it)`)
  const stop = () => void close().finally(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  if (!process.argv.includes('--no-open') && someoneIsWatching()) openPage(url)
}

try {
  await main()
} catch (error) {
  console.error(`npm start: ${error.message}`)
  process.exitCode = 1
}
