/** A server behind a network that fails: the small office, with log-ins, uploads and a feed around it. */
import { base64, type Bytes, fromBase64, fromHex, sha256, text } from "../bytes.ts"
import type { Schemas } from "../schemas.ts"
import { newDeviceKey, sign, verify } from "../seal.ts"
import type { EarlierVisits } from "../store/entry.ts"
import { timestampOf } from "../time.ts"
import { CBOR, photoMessage, refreshMessage, type SyncRequest, syncRequest, syncResponse } from "../wire.ts"
import { fromCbor, toCbor } from "../wire/codec.ts"
import { Office } from "./office.ts"
import { job, LI, uuidOf } from "./samples.ts"

interface Upload {
    sha256: string
    job: string
    bytes: Bytes
    length: number
}

type Answer = Response | Promise<Response>

export class Network {
    readonly office = new Office()
    /** Each request as it arrived. */
    readonly calls: { method: string; path: string; token: string | null }[] = []
    readonly syncs: SyncRequest[] = []
    readonly photos = new Map<string, Bytes>()
    /** What was done before for customers. */
    earlier: EarlierVisits[] = []
    inHand: Schemas["JobInHand"][] = []
    /** Checklists that come with the reference data, and those that there are, by id and version. */
    carried: unknown[] = []
    templates: Record<string, unknown> = {}
    readonly devices = new Map<string, string>()
    /** The next answer to each of these is lost on its way. */
    lost: string[] = []
    /** How many of the next pieces of a photo arrive, but for their answer. */
    piecesUntilCut = Number.POSITIVE_INFINITY
    isDown = false
    hasEnded = false
    /** Whoever begins to upload a photo is told that it is too large. */
    refusesPhotos = false
    signsReceipts = true
    /** What the server says of the outlet with each token; an older server says nothing. */
    home: Schemas["MyOutlet"] | undefined
    #generation = 0
    /** Who got the last tokens. */
    #device = ""
    readonly #uploads: Upload[] = []
    readonly #key = newDeviceKey()
    #feed: ReadableStreamDefaultController<Bytes> | undefined

    /** The token that is good now. */
    get token(): string {
        return `access ${this.#generation}`
    }

    /** From now on, the token that was given out last has run out. */
    expire(): void {
        this.#generation += 0.5
    }

    tell(piece: string): void {
        this.#feed?.enqueue(text(piece))
    }

    readonly fetch: typeof fetch = async (address, init) => {
        const [path, method] = [String(address), init?.method ?? "GET"]
        const headers = new Headers(init?.headers)
        const token = headers.get("Authorization")?.replace("Bearer ", "") ?? null
        this.calls.push({ method, path, token })
        if (this.isDown) throw new TypeError("no network")
        const answer = await this.#route(method, path, token, headers, await bodyOf(init?.body, headers))
        if (!this.lost.includes(path)) return answer
        this.lost = this.lost.filter((lost) => lost !== path)
        throw new TypeError("the answer was lost")
    }

    #route(method: string, path: string, token: string | null, headers: Headers, body: Bytes): Answer {
        if (path === "/v1/sessions") return this.#logIn(JSON.parse(new TextDecoder().decode(body)))
        if (path === "/v1/sessions/refresh") return this.#refresh(JSON.parse(new TextDecoder().decode(body)))
        if (this.hasEnded) return problem(401, "session_ended")
        if (token !== this.token) return problem(401, "token_expired")
        if (path === "/v1/sync") return this.#sync(body)
        if (path === "/v1/reference")
            return Response.json({ versions: { template: 1, ...this.office.reference }, templates: this.carried })
        if (path.startsWith("/v1/templates/")) {
            const found = this.templates[path.slice("/v1/templates/".length)]
            return found === undefined ? problem(404, "not_found") : Response.json(found)
        }
        if (path === "/v1/earlier-visits") return Response.json(this.earlier)
        if (path === "/v1/jobs-in-hand") return Response.json(this.inHand)
        if (path === "/v1/uploads") return this.#begin(headers)
        if (method === "PATCH") return this.#goOn(Number(path.split("/").at(-1)), headers, body)
        if (path.endsWith("/receipt")) return this.#receipt(path)
        if (path === "/v1/feed")
            return new Response(new ReadableStream<Bytes>({ start: (feed) => void (this.#feed = feed) }))
        return new Response(null, { status: 204 })
    }

    #tokens(device: string): Response {
        this.#generation = Math.floor(this.#generation) + 1
        this.#device = device
        const person = { id: LI, login: "li", name: "李强", outlet_id: uuidOf(8), outlet: this.home }
        const tokens = { access_token: this.token, refresh_token: `refresh ${this.#generation}`, expires_in_s: 900 }
        return Response.json({ session: uuidOf(20), person, device, ...tokens })
    }

    #logIn({ device }: { device: { public_key: string } }): Response {
        const known = [...this.devices].find(([, key]) => key === device.public_key)?.[0]
        if (known !== undefined && this.office.revoked.has(known)) return problem(403, "device_revoked")
        const named = known ?? uuidOf(0x200 + this.devices.size)
        if (known === undefined) {
            this.devices.set(named, device.public_key)
            this.office.enrol(named, device.public_key)
            this.office.grant(job(1), named)
        }
        this.hasEnded = false
        return this.#tokens(named)
    }

    async #refresh(asked: { refresh_token: string; signature: string }): Promise<Response> {
        for (const [device, key] of this.devices)
            if (await verify(key, refreshMessage(device, asked.refresh_token), asked.signature))
                return this.hasEnded ? problem(401, "session_ended") : this.#tokens(device)
        return problem(401, "unauthenticated")
    }

    async #sync(body: Bytes): Promise<Response> {
        const request = fromCbor(syncRequest, body)
        this.syncs.push(request)
        const answer = await this.office.handle(this.#device, request)
        return new Response(toCbor(syncResponse, answer), { headers: { "Content-Type": CBOR } })
    }

    #begin(headers: Headers): Response {
        if (this.refusesPhotos) return problem(413, "too_large")
        const named = (headers.get("Upload-Metadata") ?? "").split(",").map((pair) => pair.split(" "))
        const [of, sha] = named.map(([, value]) => new TextDecoder().decode(fromBase64(value ?? "")))
        let at = this.#uploads.findIndex((upload) => upload.sha256 === sha)
        if (at < 0) {
            const length = Number(headers.get("Upload-Length"))
            at = this.#uploads.push({ sha256: sha ?? "", job: of ?? "", bytes: new Uint8Array(), length }) - 1
        }
        const offset = String(this.#uploads[at]?.bytes.length)
        return new Response(null, { status: 201, headers: { Location: `/v1/uploads/${at}`, "Upload-Offset": offset } })
    }

    #goOn(at: number, headers: Headers, body: Bytes): Response {
        const upload = this.#uploads[at]
        if (!upload) return problem(410, "upload_gone")
        if (Number(headers.get("Upload-Offset")) !== upload.bytes.length) return problem(409, "upload_offset")
        if (headers.get("Upload-Checksum") !== `sha256 ${base64(fromHex(sha256(body)))}`)
            return problem(460, "checksum_mismatch")
        upload.bytes = new Uint8Array([...upload.bytes, ...body])
        if (upload.bytes.length === upload.length) this.photos.set(upload.sha256, upload.bytes)
        if (this.piecesUntilCut-- <= 0) throw new TypeError("cut")
        return new Response(null, { status: 204, headers: { "Upload-Offset": String(upload.bytes.length) } })
    }

    async #receipt(path: string): Promise<Response> {
        const [, , , of = "", , sha = ""] = path.split("/")
        const bytes = this.photos.get(sha)
        if (!bytes || sha256(bytes) !== sha) return problem(404, "not_found")
        const [key, micros] = [await this.#key, 1_790_000_000_000_000]
        const signature = await sign(key, photoMessage(of, sha, bytes.length, this.signsReceipts ? micros : 0))
        const said = { job: of, sha256: sha, bytes: bytes.length, received_at: timestampOf(micros) }
        return Response.json({ ...said, signature, key: key.publicKey })
    }
}

async function bodyOf(body: BodyInit | null | undefined, headers: Headers): Promise<Bytes> {
    const sent = new Response(body ?? null)
    const isPacked = headers.get("Content-Encoding") === "gzip"
    const plain = isPacked ? new Response(sent.body?.pipeThrough(new DecompressionStream("gzip")) ?? null) : sent
    return new Uint8Array(await plain.arrayBuffer())
}

function problem(status: number, slug: string): Response {
    const client = ["upload_offset", "upload_gone", "checksum_mismatch"].includes(slug) ? "retry" : "give_up"
    return Response.json({ type: `/problems/${slug}`, title: slug, status, slug, client }, { status })
}
