/** Pictures made small enough for a bad line: the longer edge at most so many pixels, as JPEG. */
const EDGE_MAX = 2048
const QUALITY = 0.82

/** The picture as it will be kept and sent. One that is small already stays as it is. */
export async function smaller(file: Blob): Promise<Blob> {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" })
    const scale = Math.min(1, EDGE_MAX / Math.max(picture.width, picture.height))
    if (scale === 1 && file.type === "image/jpeg" && file.size < 1_500_000) return file
    const canvas = document.createElement("canvas")
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    return new Promise((resolve, reject) =>
        canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", QUALITY),
    )
}
