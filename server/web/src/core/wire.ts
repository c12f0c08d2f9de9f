/**
 * Bodies of a sync, as `schema::wire` in the server's source has them, which says more about each. Ids are UUIDs, hashes, actors, keys and
 * signatures hexadecimal, as in JSON; so are moments, but for those that clocks are held against: these are whole microseconds since 1970.
 */
import { bigEndian, type Bytes, concat, fromHex, fromUuid, sha256, text } from "./bytes.ts"
import { microsOf, type Timestamp, timestampOf } from "./time.ts"
import {
    bytes,
    type Codec,
    fixed,
    flag,
    fromCbor,
    id,
    int,
    list,
    maybe,
    type Of,
    oneOf,
    otherwise,
    record,
    some,
    string,
    struct,
    toCbor,
    unless,
    word,
} from "./wire/codec.ts"

export const PROTOCOL_VERSION = 1
export const CBOR = "application/cbor"

/** Bytes of one request's body after inflating. */
export const SYNC_BODY_BYTES_MAX = 4 << 20
export const PUSH_JOBS_MAX = 500
/** Changes of one job in one push. */
export const PUSH_CHANGES_MAX = 2_000

const hash = fixed(32)
const actor = fixed(16)
const publicKey = fixed(32)
const signature = fixed(64)
const moment: Codec<Timestamp> = { write: microsOf, read: (value) => timestampOf(int.read(value)) }

export type GoneReason = "reassigned" | "cancelled" | "closed"

/** Why changes were not taken as they were. */
export type RefusalCode =
    | "malformed"
    | "too_large"
    | "actor_foreign"
    | "actor_forked"
    | "gap"
    | "inconsistent"
    | "forbidden"
    | "author_forged"
    | "gate_closed"
    | "job_moved"
    | "job_closed"
    | "device_revoked"
    | "job_unknown"
    | "handed_in"

/** A place in one person's feed. A new epoch begins when the server is restored from a backup; 0 before the first sync. */
const cursor = struct({ epoch: int, seq: int })

const phoneClock = struct({
    at: int,
    /** On the monotonic clock; none where the phone restarted since. */
    since_contact_us: maybe(int),
})

const changeStamp = struct({
    /** The last contact before it, counted from 1 in the request's contacts; 0: none. */
    c: int,
    /** Milliseconds since then. */
    s: maybe(int),
    /** Milliseconds until this request, where that does not follow from the contact. */
    u: maybe(int),
})

const contactClock = struct({
    server_at: int,
    phone_at: int,
    round_trip_us: maybe(int),
    until_sent_us: maybe(int),
})

const jobPush = struct({
    job: id,
    /** In the order in which they were made. */
    changes: some(bytes),
    clocks: some(changeStamp),
})

const jobHeads = struct({ job: id, heads: list(hash) })

export const syncRequest = struct({
    protocol: int,
    id,
    cursor,
    /** XOR over the jobs held of [`jobDigest`]; finds drift, proves nothing. */
    digest: hash,
    push: some(jobPush),
    /** By the device's key over [`pushMessage`]. */
    signature: maybe(signature),
    budget_bytes: maybe(int),
    clock: phoneClock,
    contacts: some(contactClock),
    /** Of every job held: sent when the server asked for a comparison. */
    heads: maybe(list(jobHeads)),
})

/** Everything of this actor up to and including `seq` is durable on the server. */
const ack = struct({ job: id, actor, seq: int })

const receipt = struct({ push: id, received_at: int, signature, key: publicKey })

const refused = struct({
    job: id,
    actor,
    /** The first refused change; it and what follows of this actor lies in quarantine. */
    change: hash,
    code: word<RefusalCode>(),
    /** Places that this person may not write. */
    paths: some(list(string)),
    quarantine: id,
    /** The change in which the server saved the rest, by its own hand. */
    salvaged_as: maybe(hash),
    zh: string,
    en: string,
})

const decidedPart = struct({
    outcome: word<"adopted" | "rejected">(),
    /** Each as in `marks/repair`. */
    places: list(string),
    /** The name of who decided. */
    by: string,
    at: moment,
    reason: maybe(string),
})

const decided = struct({
    quarantine: id,
    job: id,
    number: maybe(string),
    change: hash,
    parts: list(decidedPart),
})

const changeHand = struct({
    job: id,
    change: hash,
    /** None for a customer on their own link. */
    name: otherwise(maybe(string), null),
    at: moment,
})

const news = oneOf({
    /** To be applied to what is here. */
    changes: list(bytes),
    /** The whole record. After a `reset`, the phone writes under a new actor. */
    snapshot: struct({ document: bytes, reset: flag }),
    /** It left the phone's hands. */
    gone: word<GoneReason>(),
})

const jobUpdate = struct({ job: id, news })

export const syncResponse = struct({
    cursor,
    /** There is more than fitted: sync again at once. */
    more: flag,
    server_time: int,
    acks: some(ack),
    receipt: maybe(receipt),
    refused: some(refused),
    jobs: some(jobUpdate),
    /** The phone's epoch or digest does not fit: heads are wanted. */
    resync: otherwise(flag, false),
    /** SHA-256 of photos that records name and the server lacks. */
    photos_owed: some(hash),
    decided: some(decided),
    /** Who wrote the values that stand beside each other in jobs told of here. */
    hands: some(changeHand),
    /** Newest version by kind of reference data. */
    reference: unless(record(int), {}),
    /** This phone was revoked: it is told nothing more, and what it sends is kept for dispatch to decide about. */
    revoked: unless(flag, false),
})

export type Cursor = Of<typeof cursor>
export type ChangeStamp = Of<typeof changeStamp>
export type ContactClock = Of<typeof contactClock>
export type JobPush = Of<typeof jobPush>
export type JobHeads = Of<typeof jobHeads>
export type SyncRequest = Of<typeof syncRequest>
export type SyncResponse = Of<typeof syncResponse>
export type Ack = Of<typeof ack>
export type Receipt = Of<typeof receipt>
export type Refused = Of<typeof refused>
export type Decided = Of<typeof decided>
export type ChangeHand = Of<typeof changeHand>
export type News = Of<typeof news>
export type JobUpdate = Of<typeof jobUpdate>

export function writeRequest(request: SyncRequest): Bytes {
    return toCbor(syncRequest, request)
}

export function readResponse(body: Uint8Array): SyncResponse {
    return fromCbor(syncResponse, body)
}

/** One job's share of a digest. */
export function jobDigest(job: string, heads: readonly string[]): string {
    return sha256(fromUuid(job), ...[...heads].sort().map(fromHex))
}

/** One job's leaf of a push: over the job's id and its changes' hashes. */
export function pushLeaf(job: string, changes: readonly string[]): string {
    return sha256(fromUuid(job), ...changes.map(fromHex))
}

/** What a device signs: that it, in this request, pushed these leaves, in order. */
export function pushMessage(device: string, request: string, leaves: readonly string[]): Bytes {
    return concat(text("field-service push 1\0"), fromUuid(device), fromUuid(request), ...leaves.map(fromHex))
}

/** What the server signs: that it holds, since this moment, all of these leaves. */
export function receiptMessage(push: string, receivedAt: number, leaves: readonly string[]): Bytes {
    const at = bigEndian(receivedAt)
    return concat(text("field-service receipt 1\0"), fromUuid(push), at, ...leaves.map(fromHex))
}

/** What a phone signs to get new tokens. */
export function refreshMessage(device: string, refreshToken: string): Bytes {
    return concat(text("field-service refresh 1\0"), fromUuid(device), fromHex(sha256(text(refreshToken))))
}

/** What the server signs: that it holds these bytes for this job, since this moment. */
export function photoMessage(job: string, sha: string, byteCount: number, receivedAt: number): Bytes {
    const numbers = concat(bigEndian(byteCount), bigEndian(receivedAt))
    return concat(text("field-service photo 1\0"), fromUuid(job), fromHex(sha), numbers)
}
