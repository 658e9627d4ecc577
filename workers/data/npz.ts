/** NumPy's .npz: a zip archive of .npy members. */
import { zipSync, type Zippable } from 'fflate'
import { DataError, decoding } from './data-error.ts'
import type { NdArray } from './nd-array.ts'
import { readNpy, writeNpy } from './npy.ts'
import { readZip } from './zip.ts'

const SUFFIX = '.npy'
const REMEDY = 'export the file again with numpy.savez'
/** zip stores local time from 1980 on; a fixed date makes the bytes repeatable in any time zone. */
const FIXED_TIME = new Date(1980, 0, 1, 12)

/**
 * Arrays of an .npz archive by name (without `.npy`), in archive order.
 * @param name file name, for messages
 * @throws DataError naming the member: `corrupt`, `truncated`, `shape` or `value`
 */
export function readNpz(bytes: Uint8Array, name = 'npz'): Map<string, NdArray> {
  const arrays = new Map<string, NdArray>()
  for (const [member, content] of readZip(bytes, name)) {
    if (!member.endsWith(SUFFIX)) {
      throw new DataError('shape', `${name}: member ${member} is not an array, expected names ending in ${SUFFIX}; ${REMEDY}`)
    }
    const key = member.slice(0, -SUFFIX.length)
    arrays.set(key, decoding(key, REMEDY, () => readNpy(content, key)))
  }
  return arrays
}

/**
 * An .npz archive of the arrays; equal arrays give equal bytes.
 * @param options.compress deflate as numpy.savez_compressed does; trained weights and eigenvectors hardly shrink
 */
export function writeNpz(
  arrays: ReadonlyMap<string, NdArray> | Readonly<Record<string, NdArray>>,
  { compress = false }: { readonly compress?: boolean } = {},
): Uint8Array {
  const entries = arrays instanceof Map ? [...arrays] : Object.entries(arrays as Readonly<Record<string, NdArray>>)
  const files: Zippable = {}
  for (const [key, array] of entries) files[key + SUFFIX] = writeNpy(array)
  return zipSync(files, { level: compress ? 6 : 0, mtime: FIXED_TIME })
}
