import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { base64, fromHex, hex } from "./bytes.ts"
import { microsOf } from "./time.ts"
import {
    jobDigest,
    photoMessage,
    pushLeaf,
    pushMessage,
    readResponse,
    receiptMessage,
    refreshMessage,
    type SyncRequest,
    syncRequest,
    syncResponse,
    writeRequest,
} from "./wire.ts"
import { fromCbor, Misread, toCbor } from "./wire/codec.ts"

/** Made by the server's own code. */
interface Vectors {
    requests: { cbor: string; json: object }[]
    responses: { cbor: string; json: object }[]
    job_digest: string
    leaves: string[]
    push_message: string
    receipt_message: string
    refresh_message: string
    photo_message: string
}

const vectors = JSON.parse(readFileSync(`${import.meta.dirname}/vectors/wire.json`, "utf8")) as Vectors
const JOB = "00000000-0000-0000-0000-000000000107"
const OTHER_JOB = "00000000-0000-0000-0000-000000000108"
const DEVICE = "00000000-0000-0000-0000-000000000001"
const HASHES = ["01".repeat(32), "02".repeat(32)]
const RECEIVED_AT = 1_795_309_200_000_007

/** As the server's JSON has it: what is not there left out, bytes as text. Clocks are told in microseconds by us, and as moments there. */
function plain(value: unknown, key = ""): unknown {
    if (value instanceof Uint8Array) return base64(value).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
    if (Array.isArray(value)) return value.map((item) => plain(item))
    if (typeof value === "string" && /^(at|server_time|server_at|phone_at|received_at)$/.test(key))
        return microsOf(value)
    if (typeof value !== "object" || value === null) return value
    const isEmpty = (inner: unknown) => inner === null || (Array.isArray(inner) && inner.length === 0)
    const isLeftOut = ([name, inner]: [string, unknown]) =>
        (isEmpty(inner) && !["heads", "changes"].includes(name)) ||
        (name === "reference" && JSON.stringify(inner) === "{}") ||
        (name === "revoked" && inner === false)
    const kept = Object.entries(value).filter((pair) => !isLeftOut(pair) && pair[1] !== null)
    return Object.fromEntries(kept.map(([name, inner]) => [name, plain(inner, name)]))
}

test("a request is written to the byte as the server's own phone writes it", () => {
    for (const { cbor, json } of vectors.requests) {
        const request: SyncRequest = fromCbor(syncRequest, fromHex(cbor))
        expect(plain(request)).toEqual(plain(json))
        expect(hex(writeRequest(request))).toBe(cbor)
    }
})

test("an answer is read as the server meant it, and nothing of it is lost", () => {
    for (const { cbor, json } of vectors.responses) {
        const answer = readResponse(fromHex(cbor))
        expect(plain(answer)).toEqual(plain(json))
        expect(hex(toCbor(syncResponse, answer))).toBe(cbor)
    }
})

test("a field that a newer server sends is passed over", () => {
    const [quiet] = vectors.responses
    const cbor = fromHex(quiet?.cbor ?? "")
    // One field more in the map that the body is.
    const more = new Uint8Array([...cbor, 0x63, 0x6e, 0x65, 0x77, 0x01])
    more[0] = (more[0] ?? 0) + 1
    expect(readResponse(more)).toEqual(readResponse(cbor))
})

test("what is no answer is said to be none", () => {
    expect(() => readResponse(new Uint8Array([1, 2, 3]))).toThrow(Misread)
    expect(() => readResponse(new TextEncoder().encode("<html>"))).toThrow(Misread)
    const [, full] = vectors.responses
    expect(() => readResponse(fromHex(full?.cbor.slice(0, -2) ?? ""))).toThrow(Misread)
    expect(() => readResponse(fromHex(full?.cbor.replace("66637572736f72", "66637572736f73") ?? ""))).toThrow("cursor")
})

test("what is signed and hashed is the same on both sides", () => {
    expect(jobDigest(JOB, [...HASHES].reverse())).toBe(vectors.job_digest)
    const leaves = [pushLeaf(JOB, HASHES), pushLeaf(OTHER_JOB, [])]
    expect(leaves).toEqual(vectors.leaves)
    const request = fromCbor(syncRequest, fromHex(vectors.requests[0]?.cbor ?? "")).id
    expect(hex(pushMessage(DEVICE, request, leaves))).toBe(vectors.push_message)
    const push = "00000000-0000-0000-0000-000000000005"
    expect(hex(receiptMessage(push, RECEIVED_AT, leaves))).toBe(vectors.receipt_message)
    expect(hex(refreshMessage(DEVICE, "refresh"))).toBe(vectors.refresh_message)
    expect(hex(photoMessage(JOB, HASHES[0] ?? "", 700_016, RECEIVED_AT))).toBe(vectors.photo_message)
})
