/**
 * Photos on their way to the server: after the records that name them, piece by piece, from the byte that the server names. Nothing has to be
 * remembered for that: an upload that is begun again is the one that was begun, so this speaks tus by itself and keeps no list of uploads.
 */
import { Problem } from "../../api/problem.ts"
import { base64, type Bytes, fromHex, sha256Of, text } from "../bytes.ts"
import type { Schemas } from "../schemas.ts"
import { verify } from "../seal.ts"
import { StoreFailed } from "../store.ts"
import type { PhotoRefusal } from "../store/entry.ts"
import { microsOf } from "../time.ts"
import { photoMessage } from "../wire.ts"
import type { SyncReport } from "./drive.ts"
import { type Call, jsonOf } from "./http.ts"
import { NeedsSignIn, type Phone } from "./phone.ts"
import { inSession } from "./session.ts"

/** Bytes of one piece: what a broken line costs at the most. */
const PIECE_BYTES = 256 << 10
/** How often one photo is begun anew in one sync. */
const TRIES = 4
const UPLOADS = "/v1/uploads"

interface Owed {
    sha256: string
    job: string
}

/** The server said something that is not in the protocol, or the bytes are not what they were. */
class Unfit extends Error {
    override name = "Unfit"
}

/**
 * Sends every photo whose record has arrived. One that the server does not take holds up no other; where the server can't be reached, the
 * rest waits. Either is told in the report.
 */
export async function sendPhotos(phone: Phone, report: SyncReport): Promise<void> {
    const isUnsent = (job: string) => (phone.state.jobs.get(job)?.unsent.length ?? 0) > 0
    const owed = [...phone.state.photos].map(([sha256, { job }]): Owed => ({ sha256, job }))
    for (const photo of owed.filter(({ job }) => !isUnsent(job))) {
        try {
            await sendPhoto(phone, photo)
            report.photosSent += 1
        } catch (error) {
            if (error instanceof StoreFailed) throw error
            const why = refusalOf(error)
            if (why) {
                await phone.handle({
                    input: "remember",
                    entries: [{ entry: "photo_refused", sha256: photo.sha256, why }],
                })
                report.photosRefused += 1
                continue
            }
            report.photoError = error
            const goesOn = error instanceof Unfit || (error instanceof Problem && !error.isOffline)
            if (!goesOn || error instanceof NeedsSignIn) break
        }
    }
    report.photosOwed = phone.state.photos.size
}

async function sendPhoto(phone: Phone, photo: Owed): Promise<void> {
    const blob = await phone.store.findBlob(photo.sha256)
    // Without its bytes it was let go of, and cut off before that was noted.
    if (!blob) return settle(phone, photo)
    const bytes = new Uint8Array(await blob.arrayBuffer())
    if ((await sha256Of(bytes)) !== photo.sha256)
        throw new Unfit(`the bytes of ${photo.sha256} are harmed on this phone`)
    for (let tries = 0; tries < TRIES; tries++) {
        try {
            await upload(phone, photo, bytes)
            break
        } catch (error) {
            if (!beginsAnew(error)) throw error
        }
    }
    return settle(phone, photo, blob)
}

async function upload(phone: Phone, { job, sha256 }: Owed, bytes: Bytes): Promise<void> {
    const named = `job ${base64(text(job))},sha256 ${base64(text(sha256))}`
    const length = String(bytes.length)
    const begun = await inSession(phone, tus("POST", UPLOADS, { "Upload-Length": length, "Upload-Metadata": named }))
    const path = begun.headers.get("Location")
    if (!path?.startsWith(UPLOADS)) throw new Unfit("the server names no upload")
    let offset = offsetOf(begun)
    while (offset < bytes.length) {
        const piece = bytes.slice(offset, offset + PIECE_BYTES)
        const checksum = `sha256 ${base64(fromHex(await sha256Of(piece)))}`
        const goesOn = tus("PATCH", path, { "Upload-Offset": String(offset), "Upload-Checksum": checksum })
        const body = { type: "application/offset+octet-stream", bytes: piece, isPacked: true }
        const stands = offsetOf(await inSession(phone, { ...goesOn, body }))
        if (stands <= offset) throw new Unfit("the upload does not move")
        offset = stands
    }
}

/** Asks for the server's word that it holds the photo, and lets go of it here, behind that word and only there. */
async function settle(phone: Phone, { job, sha256 }: Owed, blob?: Blob): Promise<void> {
    const path = `/v1/jobs/${job}/photos/${sha256}/receipt`
    const receipt = await jsonOf<Schemas["PhotoReceipt"]>(await inSession(phone, { method: "GET", path }))
    const message = photoMessage(receipt.job, receipt.sha256, receipt.bytes, microsOf(receipt.received_at))
    const fits = receipt.sha256 === sha256 && receipt.job === job
    if (!fits || !(await verify(receipt.key, message, receipt.signature)))
        throw new Unfit("the receipt does not fit the photo")
    // A copy that can't be made holds up nothing.
    if (blob) await phone.onParting({ job, sha256, blob }).catch(() => {})
    // The bytes first: cut off here, the photo counts as owed and the receipt is asked for once more.
    await phone.store.deleteBlob(sha256)
    await phone.handle({ input: "remember", entries: [{ entry: "photo_sent", sha256 }] })
}

function tus(method: string, path: string, headers: Record<string, string>): Call {
    return { method, path, headers: { "Tus-Resumable": "1.0.0", ...headers } }
}

function offsetOf(answer: Response): number {
    const offset = Number(answer.headers.get("Upload-Offset") ?? Number.NaN)
    if (!Number.isSafeInteger(offset)) throw new Unfit("the server does not say where the upload stands")
    return offset
}

/** The upload stands elsewhere, or is gone: asking again tells. */
function beginsAnew(error: unknown): boolean {
    if (!(error instanceof Problem) || error.body?.client !== "retry") return false
    return !["busy", "internal", "uploads_many", "too_many_requests"].includes(error.body.slug)
}

/** Why a photo is not taken, whoever sends it. */
function refusalOf(error: unknown): PhotoRefusal | undefined {
    const slug = error instanceof Problem ? error.body?.slug : undefined
    return slug === "too_large" || slug === "photo_refused" || slug === "photos_many" ? slug : undefined
}
