/** Named byte store. It may forget anything: what it holds can be fetched again. */
export interface ByteCache {
  /** The bytes, or null when there are none or they cannot be read. Never rejects. */
  get(url: string): Promise<Uint8Array | null>
  /** Number of bytes stored, without reading them where that can be avoided; null as for `get`. Never rejects. */
  size(url: string): Promise<number | null>
  /** Rejects when the bytes cannot be kept, with a `QuotaExceededError` where room is lacking. */
  put(url: string, bytes: Uint8Array): Promise<void>
  /** Forgets every address that starts with `prefix`. Rejects when the store cannot be changed. */
  remove(prefix: string): Promise<void>
  /** Bytes that still fit, by the store's own estimate; null when it does not say. Never rejects. */
  room(): Promise<number | null>
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
