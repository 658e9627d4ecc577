/** A file as the user dropped it, or a member of an archive, named by its path there. */
export interface DataFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** The last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
