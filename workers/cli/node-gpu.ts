import { existsSync, readdirSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'

/** Folders in which browsers and packages bring SwiftShader, a Vulkan implementation for the CPU. */
const SWIFTSHADER_FOLDERS = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome', '/opt/chromium', '/usr/lib/swiftshader']
const SWIFTSHADER_DRIVER = 'vk_swiftshader_icd.json'
const VULKAN_LOADER = 'libvulkan.so.1'
const DRIVER_FOLDERS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d']
const LIBRARY_FOLDERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib', '/lib/x86_64-linux-gnu']

/** glibc's RTLD_NODELETE, which Node does not name. */
const RTLD_NODELETE = 0x1000

interface Dawn {
  create(flags: string[]): GPU
  readonly globals: object
}

/** The instance must outlive its devices, which do not hold it. */
let opened: GPU | null = null

/**
 * WebGPU in Node through the `webgpu` package (Dawn, a development dependency). Takes a Vulkan driver of the system
 * where there is one, else SwiftShader from an installed Chromium, else Mesa through OpenGL ES. Null when the
 * package or every adapter is missing.
 */
export async function openNodeGpu(): Promise<GPU | null> {
  if (opened !== null) return opened
  const dawn = await loadDawn()
  if (dawn === null) return null
  Object.assign(globalThis, dawn.globals)
  for (const flags of candidates()) {
    const gpu = dawn.create(flags)
    if ((await gpu.requestAdapter()) ?? (await gpu.requestAdapter({ featureLevel: 'compatibility' }))) {
      opened = gpu
      return gpu
    }
  }
  return null
}

async function loadDawn(): Promise<Dawn | null> {
  try {
    return await import('webgpu')
  } catch {
    return null
  }
}

/** Dawn's flags, one set per way to an adapter; drivers are made findable just before their set is tried. */
function* candidates(): Generator<string[]> {
  if (process.platform !== 'linux') {
    yield []
    return
  }
  if (hasSystemDriver()) yield ['backend=vulkan']
  if (useSwiftShader()) yield ['backend=vulkan']
  if (useMesa()) yield ['backend=opengles']
}

function hasSystemDriver(): boolean {
  const named = process.env['VK_DRIVER_FILES'] ?? process.env['VK_ICD_FILENAMES']
  const listed = named !== undefined || DRIVER_FOLDERS.some((folder) => existsSync(folder) && readdirSync(folder).length > 0)
  return listed && hasLibrary(VULKAN_LOADER)
}

function hasLibrary(name: string): boolean {
  const searched = (process.env['LD_LIBRARY_PATH'] ?? '').split(':').filter((folder) => folder !== '')
  return [...searched, ...LIBRARY_FOLDERS].some((folder) => existsSync(join(folder, name)))
}

function useSwiftShader(): boolean {
  const folder = SWIFTSHADER_FOLDERS.find((candidate) => existsSync(join(candidate, SWIFTSHADER_DRIVER)))
  if (folder === undefined) return false
  process.env['VK_DRIVER_FILES'] = process.env['VK_ICD_FILENAMES'] = join(folder, SWIFTSHADER_DRIVER)
  return hasLibrary(VULKAN_LOADER) || preload(join(folder, VULKAN_LOADER))
}

/**
 * Dawn looks for the Vulkan loader by name in the system's folders only. A library that is loaded already is found
 * by name too, so it is opened here and kept. Node refuses it as a module after opening it: that error is expected.
 */
function preload(path: string): boolean {
  if (!existsSync(path)) return false
  try {
    process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL | RTLD_NODELETE)
  } catch (error) {
    return error instanceof Error && error.message.includes('did not self-register')
  }
  return true
}

function useMesa(): boolean {
  if (!hasLibrary('libEGL_mesa.so.0')) return false
  process.env['EGL_PLATFORM'] ??= 'surfaceless'
  return true
}
