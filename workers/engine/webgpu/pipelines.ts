import { EngineError } from '../engine.ts'
import type { Program } from './program.ts'

/** A compiled program. */
export interface CompiledProgram {
  readonly pipeline: GPUComputePipeline
  readonly storageLayout: GPUBindGroupLayout
}

/** Compiles programs; equal WGSL is compiled once per device. */
export class Pipelines {
  private readonly compiled = new Map<string, Promise<CompiledProgram>>()
  private readonly layouts = new Map<string, GPUBindGroupLayout>()

  constructor(
    private readonly device: GPUDevice,
    private readonly frameLayout: GPUBindGroupLayout,
  ) {}

  /** Throws `EngineError('compile')` with the label and the compiler's message; a failure is not remembered. */
  async compile(program: Program): Promise<CompiledProgram> {
    const known = this.compiled.get(program.wgsl)
    if (known) return known
    const compiling = this.build(program)
    this.compiled.set(program.wgsl, compiling)
    compiling.catch(() => this.compiled.delete(program.wgsl))
    return compiling
  }

  private async build(program: Program): Promise<CompiledProgram> {
    const storageLayout = this.storageLayout(program)
    this.device.pushErrorScope('validation')
    const module = this.device.createShaderModule({ label: program.label, code: program.wgsl })
    const layout = this.device.createPipelineLayout({ bindGroupLayouts: [this.frameLayout, storageLayout] })
    const building = this.device.createComputePipelineAsync({ label: program.label, layout, compute: { module, entryPoint: 'main' } })
    const problem = this.device.popErrorScope()
    try {
      const pipeline = await building
      const error = await problem
      if (error !== null) throw error
      return { pipeline, storageLayout }
    } catch (cause) {
      throw new EngineError('compile', `${program.label}: ${await reasonOf(module, cause)}`, { cause })
    }
  }

  private storageLayout({ bindings }: Program): GPUBindGroupLayout {
    const key = bindings.map(({ access }) => access).join()
    const known = this.layouts.get(key)
    if (known) return known
    const layout = this.device.createBindGroupLayout({
      entries: [
        { binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' } },
        ...bindings.map(({ access }, i) => ({
          binding: i + 1,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: access === 'read' ? ('read-only-storage' as const) : ('storage' as const) },
        })),
      ],
    })
    this.layouts.set(key, layout)
    return layout
  }
}

/** The compiler's own messages where it has some, else what was thrown. */
async function reasonOf(module: GPUShaderModule, cause: unknown): Promise<string> {
  const { messages } = await module.getCompilationInfo()
  const errors = messages.filter(({ type }) => type === 'error').map(({ lineNum, message }) => `line ${lineNum}: ${message}`)
  if (errors.length > 0) return errors.join('; ')
  return typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : String(cause)
}
