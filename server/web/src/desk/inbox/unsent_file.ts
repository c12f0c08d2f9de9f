/** A file that a phone wrote of what it could not send: its records go to the inbox in one request, its photos after them, one by one. */
import { Problem, type ProblemBody } from "../../api/problem.ts"
import { accessToken } from "../../api/session.ts"
import type { Schemas } from "../../api/client.ts"
import { base64, fromBase64, text } from "../../core/bytes.ts"
import { language } from "../../words.ts"

type Photo = Schemas["UnsentPhoto"]

/** A text of more than this no browser makes of a file. */
export const FILE_BYTES_MAX = 400_000_000
/** Bytes of one request. */
const PIECE_BYTES = 1 << 20
const UPLOADS = "/v1/uploads"

export interface Unsent {
    /** Without its photos, which are too much for one request. */
    records: Schemas["UnsentFile"]
    photos: Photo[]
}

/** None where it is no such file. */
export async function readUnsent(file: Blob): Promise<Unsent | undefined> {
    try {
        const found = JSON.parse(await file.text()) as Schemas["UnsentFile"] | null
        if (typeof found?.format !== "string") return undefined
        const { photos = [], ...records } = found
        return Array.isArray(photos) ? { records: { ...records, photos: [] }, photos } : undefined
    } catch {
        return undefined
    }
}

/** What became of the photos. */
export interface Sent {
    taken: number
    /** Why each of the others was not. */
    problems: unknown[]
}

/** Uploads the photos; one that is not taken holds up no other. Tells how many are done after each. */
export async function sendPhotos(photos: readonly Photo[], onDone: (count: number) => void): Promise<Sent> {
    const sent: Sent = { taken: 0, problems: [] }
    for (const [place, photo] of photos.entries()) {
        try {
            await sendPhoto(photo)
            sent.taken += 1
        } catch (error) {
            sent.problems.push(error)
        }
        onDone(place + 1)
    }
    return sent
}

async function sendPhoto({ job, sha256, content }: Photo): Promise<void> {
    const bytes = fromBase64(content)
    const named = `job ${base64(text(job))},sha256 ${base64(text(sha256))}`
    const begun = await ask("POST", UPLOADS, { "Upload-Length": `${bytes.length}`, "Upload-Metadata": named })
    const path = begun.headers.get("Location") ?? ""
    let offset = Number(begun.headers.get("Upload-Offset") ?? Number.NaN)
    while (offset < bytes.length) {
        const headers = { "Upload-Offset": `${offset}`, "Content-Type": "application/offset+octet-stream" }
        const answer = await ask("PATCH", path, headers, bytes.slice(offset, offset + PIECE_BYTES))
        const stands = Number(answer.headers.get("Upload-Offset") ?? Number.NaN)
        if (!(stands > offset)) throw new Problem()
        offset = stands
    }
}

async function ask(method: string, path: string, headers: Record<string, string>, body?: BodyInit): Promise<Response> {
    const Authorization = `Bearer ${await accessToken()}`
    const all = { ...headers, Authorization, "Accept-Language": language.value, "Tus-Resumable": "1.0.0" }
    const answer = await fetch(path, { method, headers: all, body: body ?? null }).catch(() => {
        throw new Problem()
    })
    if (answer.ok) return answer
    throw new Problem((await answer.json().catch(() => undefined)) as ProblemBody | undefined)
}
