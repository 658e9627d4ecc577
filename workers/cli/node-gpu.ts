import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { constants } from 'node:os'

/** Folders in which browsers and packages bring SwiftShader, a Vulkan implementation for the CPU. */
const SWIFTSHADER_FOLDERS = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome', '/usr/lib/swiftshader']
const ICD_FILE = 'vk_swiftshader_icd.json'
const LOADER_FILE = 'libvulkan.so.1'

/** glibc's RTLD_NODELETE, which Node does not name. */
const RTLD_NODELETE = 0x1000

/**
 * WebGPU in Node through the `webgpu` package (Dawn, a development dependency). Takes a Vulkan driver of the system
 * where there is one, else SwiftShader from an installed Chromium, else Mesa through OpenGL ES. Null when the
 * package or every adapter is missing.
 */
export async function openNodeGpu(): Promise<GPU | null> {
  const dawn = await loadDawn()
  if (dawn === null) return null
  Object.assign(globalThis, dawn.globals)
  for (const prepare of [() => undefined, useSwiftShader, useMesa]) {
    const flags = prepare()
    if (flags === null) continue
    const gpu = quietly(() => dawn.create(flags ?? []))
    if ((await adapterOf(gpu)) !== null) return gpu
  }
  return null
}

interface Dawn {
  create(flags: string[]): GPU
  readonly globals: Record<string, unknown>
}

async function loadDawn(): Promise<Dawn | null> {
  try {
    return (await import('webgpu')) as unknown as Dawn
  } catch {
    return null
  }
}
