/** Named byte store; an optimisation only, so it may forget anything and never throws. */
export interface ByteCache {
  get(url: string): Promise<Uint8Array | null>
  put(url: string, bytes: Uint8Array): Promise<void>
}

/** Where data files come from: the page's host, or a folder on disk. */
export interface ByteSource {
  /** Address of the folder that holds `data/`, ending in a slash. */
  readonly baseUrl: string
  /**
   * All bytes at an address, or null when there is no such file. Anything else rejects.
   * @param onBytes called with the number of bytes received so far
   */
  fetchBytes(url: string, signal?: AbortSignal, onBytes?: (received: number) => void): Promise<Uint8Array | null>
  readonly cache?: ByteCache
}
