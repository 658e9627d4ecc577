/** The user's own data, whatever the files are: told apart by their content, not by their names. */
import { arraysFromCifar, isCifarBatch } from './cifar-binary.ts'
import { arraysFromCsv } from './csv-data.ts'
import { DataError } from './data-error.ts'
import { baseName, type DataFile } from './data-file.ts'
import type { Dataset } from './dataset.ts'
import { gunzip, isGzip } from './gzip.ts'
import { arraysFromIdx } from './idx-files.ts'
import { arraysFromFolders, isImagePath } from './image-folders.ts'
import { arraysFromNpz, datasetFromArrays, type OwnArrays, type OwnDataOptions } from './own-data.ts'
import { isPng } from './png-chunks.ts'
import { isTar, readTar } from './tar.ts'
import { isZip, readZip } from './zip.ts'

export type { DataFile } from './data-file.ts'

const KINDS = 'IDX files (raw or gzip), cifar-10-binary.tar.gz or its batches, .npz with x and y, a zip of class folders with PNG images, or CSV'
type Kind = 'idx' | 'cifar' | 'npz' | 'images' | 'csv'

const TITLES: Readonly<Record<Kind, string>> = { idx: 'IDX', cifar: 'CIFAR-10 batches', npz: '.npz', images: 'images', csv: 'CSV' }
/** What operating systems leave behind. */
const HIDDEN = /(^|\/)(\.|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/i
/** Nobody expects these to be used. */
const DOCUMENT = /(^|\/)(licen[cs]e|readme)[^/]*$|\.(md|txt|html?|pdf)$/i
const BYTES_LOOKED_AT = 4096

/** Two zero bytes, an element type, a number of axes. */
const looksLikeIdx = (bytes: Uint8Array): boolean => bytes[0] === 0 && bytes[1] === 0 && bytes[2] >= 8 && bytes[2] <= 14 && bytes[3] >= 1 && bytes[3] <= 4

/** Text with a delimiter in it; UTF-16, as spreadsheets may export it, has zero bytes and is none. */
function looksLikeCsv({ name, bytes }: DataFile): boolean {
  const head = bytes.subarray(0, BYTES_LOOKED_AT)
  if (head.length === 0 || head.includes(0) || !/\.(csv|tsv|txt|data)$|^[^.]*$/i.test(baseName(name))) return false
  return /[,;\t]/.test(new TextDecoder().decode(head))
}

function isNpzArchive(members: readonly string[]): boolean {
  return members.length > 0 && members.every((member) => member.endsWith('.npy'))
}

function kindOf(file: DataFile): Kind | null {
  if (isZip(file.bytes)) return 'npz'
  if (isPng(file.bytes) || isImagePath(file.name)) return 'images'
  if (isCifarBatch(file.name)) return 'cifar'
  if (looksLikeIdx(file.bytes)) return 'idx'
  return looksLikeCsv(file) ? 'csv' : null
}

/** The files themselves: archives opened, compressed files inflated; .npz stays whole. */
function unpack(file: DataFile, nested = false): DataFile[] {
  const { name, bytes } = file
  if (HIDDEN.test(name)) return []
  if (isGzip(bytes)) return unpack({ name: name.replace(/\.gz$/i, '').replace(/\.tgz$/i, '.tar'), bytes: gunzip(bytes, name) }, nested)
  const members = isZip(bytes) ? zipMembers(file) : isTar(bytes) ? readTar(bytes, name) : null
  if (members === null) return [file]
  if (nested) throw new DataError('shape', `${name}: an archive within an archive; drop the inner one by itself`)
  return [...members].flatMap(([path, content]) => unpack({ name: path, bytes: content }, true))
}

/** Members of a zip, or null for an .npz, which is read as a whole. */
function zipMembers({ name, bytes }: DataFile): Map<string, Uint8Array> | null {
  const names: string[] = []
  readZip(bytes, name, (member) => (names.push(member), false))
  return isNpzArchive(names) ? null : readZip(bytes, name, (member) => !HIDDEN.test(member))
}

interface Sorted {
  readonly kind: Kind
  readonly files: readonly DataFile[]
  readonly ignored: readonly string[]
}

function sortOut(files: readonly DataFile[]): Sorted {
  const kinds = new Map<Kind, DataFile[]>()
  const ignored: string[] = []
  for (const file of files) {
    const kind = kindOf(file)
    if (kind === null) {
      ignored.push(file.name)
      continue
    }
    const group = kinds.get(kind) ?? []
    group.push(file)
    kinds.set(kind, group)
  }
  // Data often come with a table or a text about them; the data are meant.
  if (kinds.size > 1) ignored.push(...(kinds.get('csv') ?? []).map(({ name }) => name))
  if (kinds.size > 1) kinds.delete('csv')
  const [first, second] = kinds
  if (first === undefined) throw unusable(files)
  if (second !== undefined) {
    throw new DataError('shape', `${first[1][0].name} (${TITLES[first[0]]}) and ${second[1][0].name} (${TITLES[second[0]]}) are two kinds of data; drop one kind at a time`)
  }
  return { kind: first[0], files: first[1], ignored }
}

function unusable(files: readonly DataFile[]): DataError {
  const [file] = files
  if (file === undefined) return new DataError('shape', `own data: no file, or an empty archive; drop ${KINDS}`)
  const start = Array.from(file.bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const what = file.bytes.length === 0 ? 'is empty' : `starts with ${start}`
  return new DataError('shape', `${file.name}: ${what}, which is no kind of data that is read here; drop ${KINDS}`)
}

function arraysOf({ kind, files }: Sorted, subject: string): OwnArrays {
  switch (kind) {
    case 'idx': return arraysFromIdx(files)
    case 'cifar': return arraysFromCifar(files)
    case 'images': return arraysFromFolders(files, subject)
    case 'csv': return arraysFromCsv(files)
    case 'npz': {
      if (files.length > 1) throw new DataError('shape', `${files.map(({ name }) => name).join(', ')}: ${files.length} .npz files, expected one with x and y, optionally x_test and y_test`)
      return arraysFromNpz(files[0].bytes, files[0].name)
    }
  }
}

function notUsed({ ignored }: Sorted): string[] {
  const names = ignored.filter((name) => !DOCUMENT.test(name))
  return names.length > 0 ? [`Not used: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}.`] : []
}

/**
 * A data set from dropped files: IDX pairs, the CIFAR-10 binary version, .npz, a zip of class folders with PNG
 * images, or CSV; each of them also within one zip, gzip or tar.
 * @throws DataError naming the file, what came, what was expected and the remedy
 */
export function readDataFiles(files: readonly DataFile[], options: OwnDataOptions = {}): Dataset {
  const subject = files.map(({ name }) => name).slice(0, 2).join(' and ') || 'own data'
  const sorted = sortOut(files.flatMap((file) => unpack(file)))
  const arrays = arraysOf(sorted, subject)
  return datasetFromArrays({ ...arrays, notes: [...(arrays.notes ?? []), ...notUsed(sorted)] }, { name: subject, ...options })
}
