/** Pictures made small enough for a bad line, with what the camera said of them. */
import type { Place } from "../../core/record.ts"
import { lookUp, tellsPlace } from "../here.ts"
import { readShot, type Shot, withShot } from "./exif.ts"

/** The longer edge at most so many pixels, as JPEG. */
const EDGE_MAX = 2048
const QUALITY = 0.82

/** The longer edge of a copy to be shown in a row. */
const COPY_EDGE_MAX = 320

/** How long a photo waits for the place where it was taken. */
const PLACE_MS = 2_000

/** The picture as it will be kept and sent, with when, where and with what it was taken written into it. */
export async function evident(file: File): Promise<Blob> {
    // Looked up while the picture is made smaller.
    const here = withinTime(lookUp())
    const [kept, taken] = [await smaller(file), readShot(new Uint8Array(await file.arrayBuffer()))]
    const place = tellsPlace.value === "no" ? undefined : (taken.place ?? (await here) ?? undefined)
    const isAsTaken = kept === file
    if (isAsTaken && JSON.stringify(place) === JSON.stringify(taken.place) && taken.takenAt) return file
    const shot: Shot = { ...taken, takenAt: taken.takenAt ?? exifTime(new Date(file.lastModified)) }
    delete shot.place
    if (place) shot.place = place
    // What was drawn anew stands upright.
    if (!isAsTaken) delete shot.orientation
    return new Blob([withShot(new Uint8Array(await kept.arrayBuffer()), shot)], { type: kept.type })
}

/** By the phone's own clock, without a zone, as cameras write it. */
function exifTime(at: Date): string {
    const two = (number: number) => String(number).padStart(2, "0")
    const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join(":")
    return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":")}`
}

function withinTime(place: Promise<Place | null>): Promise<Place | null> {
    return Promise.race([place, new Promise<null>((resolve) => setTimeout(() => resolve(null), PLACE_MS))])
}

/** One that is small already stays as it is. */
async function smaller(file: Blob): Promise<Blob> {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" })
    const isSmall = Math.max(picture.width, picture.height) <= EDGE_MAX && file.size < 1_500_000
    if (isSmall && file.type === "image/jpeg") {
        picture.close()
        return file
    }
    return drawn(picture, EDGE_MAX)
}

/** A small copy, for this phone alone. */
export async function copyOf(photo: Blob): Promise<Blob> {
    return drawn(await createImageBitmap(photo, { imageOrientation: "from-image" }), COPY_EDGE_MAX)
}

function drawn(picture: ImageBitmap, edgeMax: number): Promise<Blob> {
    const scale = Math.min(1, edgeMax / Math.max(picture.width, picture.height))
    const canvas = document.createElement("canvas")
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    return new Promise((resolve, reject) =>
        canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", QUALITY),
    )
}
