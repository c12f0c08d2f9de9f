/** A file that the browser is given to keep. */
export function giveFile(content: Blob, name: string): void {
    const address = URL.createObjectURL(content)
    const link = document.createElement("a")
    link.href = address
    link.download = name
    link.click()
    // The browser has taken it once this task is over.
    setTimeout(() => URL.revokeObjectURL(address))
}
