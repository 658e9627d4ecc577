/** Offers a file for download under that name. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The download has its own hold on the data once the click was handled.
  setTimeout(() => {
    URL.revokeObjectURL(address)
  }, 0)
}
