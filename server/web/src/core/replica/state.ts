/** From entries to state: the only place where what a phone knows changes. */
import { fromHex, hex } from "../bytes.ts"
import type { PriceList } from "../price.ts"
import type { JobRecord } from "../record.ts"
import type { Schemas } from "../schemas.ts"
import type { DeviceKey } from "../seal.ts"
import type {
    Contact,
    EarlierVisit,
    Entry,
    Identity,
    LostWrite,
    PhotoRefusal,
    ReceiptEntry,
    ReferenceKind,
    Session,
} from "../store/entry.ts"
import type { Template } from "../template.ts"
import type { Timestamp } from "../time.ts"
import type { ChangeHand, Cursor, Decided, Refused } from "../wire.ts"
import { Held } from "./held.ts"

/** What the server did not take over, until the technician has read it. */
export interface Notice {
    refused: Refused
    at: Timestamp
    writes: LostWrite[]
    read: boolean
}

/** What the office decided about something that was not taken over, until the technician has read it. */
export interface Decision {
    decided: Decided
    at: Timestamp
    read: boolean
}

interface Reference {
    kind: ReferenceKind
    version: number
    json: string
}

export class State {
    key: DeviceKey | undefined
    identity: Identity | undefined
    session: Session | null = null
    readonly jobs = new Map<string, Held>()
    cursor: Cursor = { epoch: 0, seq: 0 }
    resync = false
    contact: Contact | undefined
    readonly notices: Notice[] = []
    /** Who wrote values that stand beside each other, by change. */
    readonly hands = new Map<string, ChangeHand>()
    /** By entry of the inbox. */
    readonly decisions = new Map<string, Decision>()
    readonly receipts: ReceiptEntry[] = []
    readonly templates = new Map<string, Template>()
    priceList: PriceList | undefined
    /** As the server gave them; compaction writes them down again. */
    readonly references = new Map<string, Reference>()
    /** What those of the product hold, as the server named it. */
    shipped: number | undefined
    owed: string[] = []
    /** What was done before for the customer of each job in hand, and when that was asked for. */
    readonly earlier = new Map<string, EarlierVisit[]>()
    earlierAt: number | undefined
    /** What the records of the jobs in hand do not hold. */
    readonly inHand = new Map<string, Schemas["JobInHand"]>()
    readonly photos = new Map<string, { job: string; bytes: number }>()
    /** Photos that the server does not take. Nothing is lost by letting go of them but what is here. */
    readonly refusedPhotos = new Map<string, { job: string; bytes: number; why: PhotoRefusal }>()

    apply(entry: Entry): void {
        switch (entry.entry) {
            case "lease":
            case "change":
            case "snapshot":
            case "stale":
            case "gone":
                return this.#applyToJob(this.held(entry.job), entry)
            case "acked":
                return this.held(entry.ack.job).takeAck(entry.ack)
            case "refused":
                this.#takeNotice({ refused: entry.refused, at: entry.at, writes: entry.writes, read: false })
                return this.held(entry.refused.job).takeRefusal(entry.refused.actor, entry.seqs)
            case "decided":
                this.decisions.set(entry.decided.quarantine, { decided: entry.decided, at: entry.at, read: false })
                return
            case "hands":
                for (const hand of entry.hands) this.hands.set(hand.change, hand)
                return
            case "notice_read":
                for (const notice of this.notices) notice.read ||= notice.refused.change === entry.change
                for (const decision of this.decisions.values())
                    decision.read ||= decision.decided.change === entry.change
                return
            case "reference":
                return this.#takeReference(entry)
            case "shipped":
                this.shipped = entry.digest
                return
            case "photo":
                this.refusedPhotos.delete(entry.sha256)
                this.photos.set(entry.sha256, { job: entry.job, bytes: entry.bytes })
                return
            case "photo_refused": {
                const photo = this.photos.get(entry.sha256)
                if (photo) this.refusedPhotos.set(entry.sha256, { ...photo, why: entry.why })
                return this.#settlePhoto(entry.sha256)
            }
            case "photo_sent":
                return this.#settlePhoto(entry.sha256)
            default:
                return this.#applyToPhone(entry)
        }
    }

    #applyToJob(
        held: Held,
        entry: Extract<Entry, { entry: "lease" | "change" | "snapshot" | "stale" | "gone" }>,
    ): void {
        switch (entry.entry) {
            case "lease":
                held.actors.add(entry.actor)
                if (!entry.retired) held.actor = entry.actor
                else if (held.actor === entry.actor) held.actor = null
                return
            case "change":
                return held.takeChange(entry)
            case "snapshot":
                return held.takeSnapshot(entry.document, entry.kind, entry.view)
            case "stale":
                held.isStale = true
                return
            case "gone":
                held.gone = entry.reason
                // It was told for the sake of this job, and is nobody's here any more.
                this.earlier.delete(held.job)
                this.inHand.delete(held.job)
        }
    }

    #applyToPhone(
        entry: Extract<
            Entry,
            {
                entry:
                    | "key"
                    | "identity"
                    | "session"
                    | "cursor"
                    | "resync"
                    | "contact"
                    | "receipt"
                    | "owed"
                    | "earlier"
                    | "in_hand"
            }
        >,
    ): void {
        switch (entry.entry) {
            case "key":
                this.key = entry.key
                return
            case "identity":
                this.identity = entry.identity
                return
            case "session":
                this.session = entry.session
                return
            case "cursor":
                if (this.cursor.epoch !== 0 && this.cursor.epoch !== entry.cursor.epoch)
                    for (const held of this.jobs.values()) held.unack()
                this.cursor = entry.cursor
                return
            case "resync":
                this.resync = entry.resync
                return
            case "contact":
                this.contact = entry.contact
                return
            case "receipt":
                this.receipts.push(entry.receipt)
                return
            case "owed":
                this.owed = entry.owed
                return
            case "earlier":
                this.earlier.clear()
                for (const { job, visits } of entry.visits) this.earlier.set(job, visits)
                this.earlierAt = entry.at
                return
            case "in_hand":
                this.inHand.clear()
                for (const told of entry.jobs) this.inHand.set(told.job, told)
        }
    }

    /** The job, made where it is not known yet. */
    held(job: string): Held {
        const known = this.jobs.get(job)
        if (known) return known
        const held = new Held(job)
        this.jobs.set(job, held)
        return held
    }

    /** A change that was sent again, as to a restored server, is refused again: the technician is told once, as it stands now. */
    #takeNotice(notice: Notice): void {
        const { job, change } = notice.refused
        const known = this.notices.find(({ refused }) => refused.job === job && refused.change === change)
        if (!known) {
            this.notices.push(notice)
            return
        }
        if (notice.writes.length > 0) known.writes = notice.writes
        known.refused = notice.refused
    }

    /** Reference data that does not read is as good as not there: it is fetched again. */
    #takeReference({ kind, version, json }: Reference): void {
        let value: unknown
        try {
            value = JSON.parse(json)
        } catch {
            return
        }
        let key = kind as string
        if (kind === "template") {
            const template = value as Template
            key = templateKey(template.id, template.version)
            this.templates.set(key, template)
        } else {
            this.priceList = value as PriceList
        }
        this.references.set(key, { kind, version, json })
    }

    /** Whether the server has other reference data of this kind than is here, by what it names of it. */
    lacks(kind: ReferenceKind, named: Readonly<Record<string, number>>): boolean {
        const { [kind]: newest, shipped } = named
        if (newest !== undefined && (this.referenceVersion(kind) ?? -1) < newest) return true
        // A release may ship other checklists under the same version.
        return kind === "template" && shipped !== undefined && shipped !== this.shipped
    }

    /** Newest version held of this kind; none where there is none. */
    referenceVersion(kind: ReferenceKind): number | undefined {
        const versions = [...this.references.values()].filter((held) => held.kind === kind).map((held) => held.version)
        return versions.length === 0 ? undefined : Math.max(...versions)
    }

    /** Checklists of jobs in hand that are not here: each is fetched by itself, as soon as there is network. */
    checklistsMissing(): { id: string; version: number }[] {
        const missing = new Map<string, { id: string; version: number }>()
        for (const held of this.jobs.values()) {
            if (held.gone !== null || !held.isLoaded) continue
            const meta = metaOf(held)
            if (!meta || this.template(meta.template, meta.template_version)) continue
            const { template: id, template_version: version } = meta
            missing.set(templateKey(id, version), { id, version })
        }
        return [...missing.values()]
    }

    /** The job's checklist; none before it was fetched. */
    templateOf({ meta }: JobRecord): Template | undefined {
        return this.template(meta.template, meta.template_version)
    }

    template(id: string, version: number): Template | undefined {
        return this.templates.get(templateKey(id, version))
    }

    /** XOR over the jobs held of their digests. */
    digest(): string {
        const mixed = new Uint8Array(32)
        for (const held of this.jobs.values()) {
            const share = held.digest()
            if (share) fromHex(share).forEach((byte, at) => (mixed[at] = (mixed[at] ?? 0) ^ byte))
        }
        return hex(mixed)
    }

    /** It is owed no more. */
    #settlePhoto(sha256: string): void {
        this.photos.delete(sha256)
        this.owed = this.owed.filter((owed) => owed !== sha256)
    }

    /** Whether a photo's bytes are here for a reason. */
    mentions(sha256: string): boolean {
        return this.photos.has(sha256) || this.refusedPhotos.has(sha256)
    }

    /** Changes that the server has neither acknowledged nor judged. */
    unsent(): number {
        return [...this.jobs.values()].reduce((sum, held) => sum + held.unsent.length, 0)
    }
}

/** None where the record does not read. */
function metaOf(held: Held): JobRecord["meta"] | undefined {
    try {
        return held.document.read().meta
    } catch {
        return undefined
    }
}

function templateKey(id: string, version: number): string {
    return `template/${id}/${version}`
}
