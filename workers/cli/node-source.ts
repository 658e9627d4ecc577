import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * Prepared data files from a folder on disk; the same contract as the browser's source.
 * @param folder the folder that holds `data/`, `public` by default (relative to the working directory)
 */
export function nodeSource(folder = 'public') {
  const baseUrl = `${pathToFileURL(resolve(folder)).href}/`
  return {
    baseUrl,
    async fetchBytes(url: string, signal?: AbortSignal, onBytes?: (received: number) => void): Promise<Uint8Array | null> {
      try {
        const bytes = new Uint8Array(await readFile(fileURLToPath(url), signal ? { signal } : {}))
        onBytes?.(bytes.length)
        return bytes
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
        throw error
      }
    },
  }
}
