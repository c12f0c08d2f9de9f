/** Requests and answers as bytes: compression, times, and problems read from the bodies of errors. */
import { Problem, type ProblemBody } from "../../api/problem.ts"
import type { Bytes } from "../bytes.ts"

/** Where the server is, and how to reach it. */
export interface Connection {
    /** Before each path; empty on a page that came from the server itself. */
    base: string
    fetch: typeof fetch
    /** In which problems come back, as in `zh-CN`. */
    language(): string
}

export interface Call {
    method: string
    path: string
    token?: string
    headers?: Record<string, string>
    body?: { type: string; bytes: Bytes; isPacked?: boolean }
    /** Where its answer is cut off, it is sent once more. */
    isHarmlessTwice?: boolean
    /** Stays open: nothing but this ends it. */
    signal?: AbortSignal
}

/** Bodies below this gain nothing from compression. */
const GZIP_BYTES_MIN = 300
const CALL_MS = 120_000

/** The answer, if it went well. Throws a [`Problem`], which is offline where there was no answer. */
export async function send(connection: Connection, call: Call): Promise<Response> {
    try {
        return await attempt(connection, call)
    } catch (error) {
        const isCut = error instanceof Problem && error.isOffline && !call.signal?.aborted
        if (!call.isHarmlessTwice || !isCut) throw error
        return attempt(connection, call)
    }
}

async function attempt({ base, fetch, language }: Connection, call: Call): Promise<Response> {
    const headers: Record<string, string> = { "Accept-Language": language(), ...call.headers }
    if (call.token) headers["Authorization"] = `Bearer ${call.token}`
    let body: Bytes | undefined
    if (call.body) {
        headers["Content-Type"] = call.body.type
        body = call.body.bytes
        if (body.length > GZIP_BYTES_MIN && !call.body.isPacked) {
            headers["Content-Encoding"] = "gzip"
            body = await gzip(body)
        }
    }
    const signal = call.signal ?? AbortSignal.timeout(CALL_MS)
    const sent = fetch(base + call.path, { method: call.method, headers, body: body ?? null, signal })
    const response = await sent.catch(() => {
        throw new Problem()
    })
    if (response.ok) return response
    const problem = (await response.json().catch(() => undefined)) as ProblemBody | undefined
    // Something between us and the server may answer in a form of its own.
    throw new Problem(problem?.slug ? problem : undefined)
}

async function gzip(bytes: Bytes): Promise<Bytes> {
    const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))
    return new Uint8Array(await new Response(packed).arrayBuffer())
}

/** The body of an answer, or a [`Problem`] where the line was cut in its middle. */
export async function bytesOf(response: Response): Promise<Bytes> {
    const body = await response.arrayBuffer().catch(() => {
        throw new Problem()
    })
    return new Uint8Array(body)
}

export async function jsonOf<T>(response: Response): Promise<T> {
    return JSON.parse(new TextDecoder().decode(await bytesOf(response))) as T
}
