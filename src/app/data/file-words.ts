interface Named {
  readonly name: string
}

/** "train.npz" or "3 files: a.idx, b.idx, c.idx". */
export function filesWords(files: readonly Named[]): string {
  const names = files.map(({ name }) => name).join(', ')
  return files.length === 1 ? names : `${files.length} files: ${names}`
}

/** Why files were refused, as a sentence that names them even where the reason does not. */
export function refusalWords(files: readonly Named[], reason: string): string {
  const words = files.some(({ name }) => reason.includes(name)) ? reason : `${filesWords(files)}: ${reason}`
  return /[.!?]$/.test(words) ? words : `${words}.`
}
