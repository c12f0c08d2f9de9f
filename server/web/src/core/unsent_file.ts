/**
 * What this phone could not send, as a file for its office: for when no network helps, as where the session can't be had back. The office
 * hands it in and decides on each entry; what reached the server all the same is known there and changes nothing.
 */
import { base64 } from "./bytes.ts"
import type { State } from "./replica/state.ts"
import type { Store } from "./store.ts"

const FORMAT = "field-service phone: unsent work, 1"

/** What goes into the file, and about how large that makes it. */
export interface UnsentSize {
    changes: number
    photos: number
    bytes: number
}

const base64url = (bytes: Uint8Array) => base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")

/** Bytes become four characters for three. */
const written = (bytes: number) => Math.ceil((bytes * 4) / 3)

export function unsentSize(state: State): UnsentSize {
    const unsent = [...state.jobs.values()].flatMap((held) => held.unsent)
    const photos = [...state.photos.values()]
    const bytes = [...unsent.map(({ bytes }) => bytes.length), ...photos.map(({ bytes }) => bytes)]
    return { changes: unsent.length, photos: photos.length, bytes: bytes.reduce((sum, one) => sum + written(one), 0) }
}

/** None where there is nothing to save, or nobody it would be of. Photo by photo, since a phone has little memory. */
export async function unsentFile(
    state: State,
    store: Store,
    numberOf: (job: string) => string,
): Promise<Blob | undefined> {
    const { changes, photos } = unsentSize(state)
    if (!state.identity || changes + photos === 0) return undefined
    const { server, device, person, login } = state.identity
    const jobs = [...state.jobs]
        .filter(([, { unsent }]) => unsent.length > 0)
        .map(([job, { unsent }]) => ({
            job,
            number: numberOf(job),
            changes: unsent.map(({ bytes }) => base64url(bytes)),
        }))
    const head = JSON.stringify({ format: FORMAT, server, device, person, login, jobs })
    const pieces: Blob[] = [new Blob([head.slice(0, -1), ',"photos":['])]
    for (const [sha256, { job }] of [...state.photos]) {
        const photo = await store.findBlob(sha256)
        if (!photo) continue
        const content = base64url(new Uint8Array(await photo.arrayBuffer()))
        pieces.push(new Blob([pieces.length > 1 ? "," : "", JSON.stringify({ job, sha256, content })]))
    }
    return new Blob([...pieces, "]}"], { type: "application/json" })
}
