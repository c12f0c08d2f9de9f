/** How long a browser may take until it has the content in hand; it says nothing when it has. */
const TAKEN_MS = 60_000

/** A file that the browser is given to keep. */
export function giveFile(content: Blob, name: string): void {
    const address = URL.createObjectURL(content)
    const link = document.createElement("a")
    link.href = address
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(address), TAKEN_MS)
}
