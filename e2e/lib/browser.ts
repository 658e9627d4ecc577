import process from 'node:process'

export { findBrowser } from '../../scripts/lib/find-browser.mjs'

/** Which WebGPU adapter a browser is started for. */
export type Adapter = 'none' | 'swiftshader' | 'opengles' | 'hardware'

/** A test machine may be offline: nothing is fetched in the background. */
const QUIET_FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
]

/** Adapters without a GPU are software: SwiftShader is complete, Mesa's OpenGL ES is compatibility level only. */
const ADAPTER_FLAGS: Record<Adapter, readonly string[]> = {
  none: [],
  swiftshader: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'],
  opengles: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=opengles', '--use-angle=gl-egl'],
  hardware: ['--enable-unsafe-webgpu', ...(process.platform === 'linux' ? ['--enable-features=Vulkan'] : [])],
}

/** Whether a missing GPU is a failure rather than a reason to use a software adapter. */
export const gpuIsRequired = process.env['REQUIRE_GPU'] === '1'

/**
 * The adapter for WebGPU tests and benches: `WEBGPU_ADAPTER` when set, the GPU where one is required
 * or usual, SwiftShader elsewhere.
 */
export function chosenAdapter(): Adapter {
  const chosen = process.env['WEBGPU_ADAPTER']
  if (chosen === undefined || chosen === '') {
    return gpuIsRequired || process.platform !== 'linux' ? 'hardware' : 'swiftshader'
  }
  if (isAdapter(chosen)) return chosen
  throw new Error(`WEBGPU_ADAPTER=${chosen} is unknown; choose one of ${Object.keys(ADAPTER_FLAGS).join(', ')}`)
}

function isAdapter(name: string): name is Adapter {
  return Object.hasOwn(ADAPTER_FLAGS, name)
}

/** Command line of a Chromium started for tests or benches. Its sandbox cannot start under root. */
export function browserFlags(adapter: Adapter): string[] {
  const isRoot = process.getuid?.() === 0
  return [...QUIET_FLAGS, ...ADAPTER_FLAGS[adapter], ...(isRoot ? ['--no-sandbox'] : [])]
}
