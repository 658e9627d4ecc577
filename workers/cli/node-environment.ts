import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { EngineSource, SessionEnvironment } from '../session/environment.ts'
import { nodeLinalgThreads as linalgThreads } from '../linalg/node/threads.ts'
import { nodeThreads } from '../parallel/node/threads.ts'
import { createBreath } from '../parallel/breathe.ts'
import { cpuEngines, gpuEngine } from '../session/engine-sources.ts'
import { createMemoryStore } from '../session/store.ts'
import { openNodeGpu } from './node-gpu.ts'
import { nodeSource } from './node-source.ts'

/** A session in Node: data from `public/`, every engine that Node can have, WebGPU through Dawn where it is installed, results kept in memory. */
export function nodeEnvironment(engines?: readonly EngineSource[]): SessionEnvironment {
  const store = createMemoryStore(null)
  return {
    engines: engines ?? [...cpuEngines, gpuEngine(openNodeGpu, store)],
    data: () => nodeSource(fileURLToPath(new URL('../../public/', import.meta.url))),
    store,
    threads: nodeThreads,
    linalgThreads,
    gpu: openNodeGpu,
    now: () => performance.now(),
    breathe: createBreath(),
    appVersion: packageVersion(),
  }
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown'
}
