/**
 * What a phone remembers, entry by entry. Its whole state is what these entries, applied in order, make of nothing (`replica.ts`); so an
 * entry once written must stay readable: add forms and optional fields, change none.
 */
import type { Bytes } from "../bytes.ts"
import type { DocumentView } from "../document.ts"
import type { DeviceKey } from "../seal.ts"
import type { Schemas } from "../schemas.ts"
import type { Timestamp } from "../time.ts"
import type { Ack, ChangeHand, Cursor, Decided, GoneReason, Receipt, Refused } from "../wire.ts"

export type Entry =
    /** The phone made its key. Before enrolment, so that a key is never used that could be lost. */
    | { entry: "key"; key: DeviceKey }
    /** Who carries this phone, and which server it belongs to. */
    | { entry: "identity"; identity: Identity }
    /** Tokens of the session; none after it ended. Local work needs none. */
    | { entry: "session"; session: Session | null }
    /** From here on, this phone writes this job under this actor. `retired`: it wrote once, and writes no more. */
    | { entry: "lease"; job: string; actor: string; retired: boolean }
    | ChangeEntry
    /** The whole record as the server sent it, or as compaction wrote it down. */
    | { entry: "snapshot"; job: string; document: Bytes; kind: SnapshotKind; view?: DocumentView }
    /** The server holds this actor's changes up to here. */
    | { entry: "acked"; ack: Ack }
    /** The server put this actor's changes of these numbers into quarantine; none where it had been said before. */
    | {
          entry: "refused"
          refused: Refused
          seqs: [from: number, through: number] | null
          at: Timestamp
          writes: LostWrite[]
      }
    /** The record here holds what the server does not have, and is to be fetched whole. */
    | { entry: "stale"; job: string }
    /** The office decided about something that was not taken over. */
    | { entry: "decided"; decided: Decided; at: Timestamp }
    /** Who wrote values that stand beside each other: the record itself knows actors only. */
    | { entry: "hands"; hands: ChangeHand[] }
    /** The technician has read the notice about this change. */
    | { entry: "notice_read"; change: string }
    | { entry: "gone"; job: string; reason: GoneReason }
    | { entry: "cursor"; cursor: Cursor }
    /** Whether heads must be compared at the next sync. */
    | { entry: "resync"; resync: boolean }
    | { entry: "contact"; contact: Contact }
    | { entry: "receipt"; receipt: ReceiptEntry }
    /** A template or a price list: JSON as the server gave it. */
    | { entry: "reference"; kind: ReferenceKind; version: number; json: string }
    /** What the checklists of the product hold that were fetched last, as the server names it. */
    | { entry: "shipped"; digest: number }
    /** Photos that the server lacks, as it last said. */
    | { entry: "owed"; owed: string[] }
    /** What was done before for the customers of the jobs in hand, all that is known of it, as of this time of the phone's. */
    | { entry: "earlier"; at: number; visits: EarlierVisits[] }
    /** What the records of the jobs in hand do not hold, of all of them. */
    | { entry: "in_hand"; jobs: Schemas["JobInHand"][] }
    /** A photo's bytes lie beside the log. */
    | { entry: "photo"; sha256: string; bytes: number; job: string }
    | { entry: "photo_sent"; sha256: string }
    /** The server does not take the photo, whoever sends it. Its bytes stay here. */
    | { entry: "photo_refused"; sha256: string; why: PhotoRefusal }

export type PhotoRefusal = Schemas["PhotoRefusal"]
export type EarlierVisits = Schemas["EarlierVisits"]
export type EarlierVisit = Schemas["EarlierVisit"]

export interface ChangeEntry {
    entry: "change"
    job: string
    bytes: Bytes
    /** Written here; none for what came from the server. */
    own: Own | null
    /** Whether it stands in the record or not, the compacted snapshot that follows says: it need not be tried. */
    compacted?: true
}

export interface Identity {
    server: string
    device: string
    person: string
    login: string
    name: string
    outlet: string
    /** What of the outlet is needed without network; none where an older server signed the phone in. */
    home?: Schemas["MyOutlet"]
}

export interface Session {
    id: string
    access_token: string
    /** On the phone's own clock, in microseconds; a hint only, the server decides. */
    expires_at: number
    refresh_token: string
}

/** A place that a refused change had written, to be shown to its author. */
export interface LostWrite {
    path: string[]
    /** Its JSON form; none where it had emptied the place. */
    value: unknown
}

/** What a phone knows of a change that it wrote itself. */
export interface Own {
    actor: string
    seq: number
    hash: string
    /** Calls the centre: sent before everything else. */
    urgent: boolean
    /** What the clocks said when it was written. */
    clock: WrittenAt | null
}

/** The monotonic clock at the moment of a write, and the last word from the server before it. */
export interface WrittenAt {
    uptime_us: number
    boot: string
    contact: Contact | null
}

/**
 * `granted`: what was written here and not yet sent is laid over it. `reset`: the same, so far as it fits; the phone's copy is dropped, and
 * the actor used so far writes no more. `compacted`: holds all that the phone held.
 */
export type SnapshotKind = "granted" | "reset" | "compacted"

/** The last word from the server: ties the phone's clocks to the server's. All in microseconds. */
export interface Contact {
    server_at: number
    phone_at: number
    /** Since the phone's clock was started, which it was under this name. */
    uptime_us: number
    boot: string
    /** The server had more than fitted into its answer. */
    more: boolean
    /** From asking to hearing. */
    round_trip_us: number | null
}

export type ReferenceKind = "template" | "price_list"

/** The server's word for one push, with what is needed to check it. */
export interface ReceiptEntry {
    request: string
    leaves: string[]
    receipt: Receipt
    device_key: string
}

/** About how much work it is to know what stands in a job after this entry: a change counts as one. */
export function laborOf(entry: Entry): number {
    if (entry.entry === "snapshot") return entry.view ? 0 : 10
    return entry.entry === "change" && !entry.compacted ? 1 : 0
}

/** About how many bytes the entry takes. */
export function weightOf(entry: Entry): number {
    const small = 100
    switch (entry.entry) {
        case "change":
            return small + entry.bytes.length
        case "snapshot":
            // A view takes about as much again.
            return small + entry.document.length * (entry.view ? 2 : 1)
        case "reference":
            return small + entry.json.length * 2
        case "refused":
        case "earlier":
        case "in_hand":
            return small + JSON.stringify(entry).length * 2
        default:
            return small
    }
}
