/**
 * What this phone could not send, as a file for its office: for when no network helps, as where the session can't be had back. The office
 * hands it in and decides on each entry; what reached the server all the same is known there and changes nothing.
 */
import { base64 } from "./bytes.ts"
import type { State } from "./replica/state.ts"

const FORMAT = "field-service phone: unsent work, 1"

export interface UnsentFile {
    format: string
    server: string
    device: string
    person: string
    login: string
    jobs: { job: string; number: string; changes: string[] }[]
    /** Photos travel on their own. */
    photos: []
}

const base64url = (bytes: Uint8Array) => base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")

/** None where there is nothing to save, or nobody it would be of. */
export function unsentFile(state: State, numberOf: (job: string) => string): UnsentFile | undefined {
    if (!state.identity || state.unsent() === 0) return undefined
    const { server, device, person, login } = state.identity
    const written = [...state.jobs].filter(([, { unsent }]) => unsent.length > 0)
    const jobs = written.map(([job, { unsent }]) => ({
        job,
        number: numberOf(job),
        changes: unsent.map(({ bytes }) => base64url(bytes)),
    }))
    return { format: FORMAT, server, device, person, login, jobs, photos: [] }
}
