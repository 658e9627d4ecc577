import { EngineError } from '../engine.ts'

/** Which adapter to ask for: the best there is, or the software one. */
export interface DeviceOptions {
  readonly adapter?: 'auto' | 'fallback'
}

/** A device with what is known about its adapter. */
export interface OpenedDevice {
  readonly device: GPUDevice
  readonly adapterInfo: GPUAdapterInfo
  /** True for software adapters. */
  readonly fallbackAdapter: boolean
}

const REMEDY = 'use the CPU engine, or a browser with WebGPU and hardware acceleration switched on'

/** Limits that default to small values and are raised to what the adapter has. */
const RAISED_LIMITS = [
  'maxStorageBuffersPerShaderStage',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
] as const

const WANTED_FEATURES: readonly string[] = ['timestamp-query', 'subgroups']

/** Opens a device with all limits and features of its adapter. Throws `EngineError('unavailable')`. */
export async function openDevice(gpu: GPU | undefined, options: DeviceOptions = {}): Promise<OpenedDevice> {
  if (gpu === undefined) throw new EngineError('unavailable', `WebGPU is not offered here; ${REMEDY}`)
  const adapter = await requestAdapter(gpu, options.adapter ?? 'auto')
  if (adapter === null) throw new EngineError('unavailable', `WebGPU found no ${options.adapter === 'fallback' ? 'software adapter' : 'adapter'}; ${REMEDY}`)
  const requiredLimits = Object.fromEntries(RAISED_LIMITS.map((name) => [name, adapter.limits[name]]))
  const requiredFeatures = WANTED_FEATURES.filter((feature): feature is GPUFeatureName => adapter.features.has(feature))
  try {
    const device = await adapter.requestDevice({ label: 'engine', requiredLimits, requiredFeatures })
    return { device, adapterInfo: adapter.info, fallbackAdapter: isSoftware(adapter.info) }
  } catch (cause) {
    throw new EngineError('unavailable', `WebGPU adapter ${adapterName(adapter.info)} gave no device; ${REMEDY}`, { cause })
  }
}

/** Compatibility-level adapters are good enough: plans use compute only. */
async function requestAdapter(gpu: GPU, wanted: 'auto' | 'fallback'): Promise<GPUAdapter | null> {
  const options: GPURequestAdapterOptions = { powerPreference: 'high-performance', forceFallbackAdapter: wanted === 'fallback' }
  return (await gpu.requestAdapter(options)) ?? (await gpu.requestAdapter({ ...options, featureLevel: 'compatibility' }))
}

function isSoftware(info: GPUAdapterInfo): boolean {
  return info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(`${info.architecture} ${info.device} ${info.description}`)
}

/** Short name of an adapter: "SwiftShader", "nvidia ampere"; "unnamed adapter" where the browser hides it. */
export function adapterName(info: GPUAdapterInfo): string {
  if (/swiftshader/i.test(`${info.architecture} ${info.description}`)) return 'SwiftShader'
  const words = [info.vendor, info.architecture].filter((word) => word !== '')
  return words.length > 0 ? words.join(' ') : info.description || 'unnamed adapter'
}
