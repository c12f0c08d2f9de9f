/**
 * The job record as plain data, in the JSON form that the server gives it: moments are RFC 3339 (`time.ts`), ids UUIDs, hashes hex, strokes
 * text, amounts whole minor units. An option that is not there is `null` or left out; both mean the same, also to the hashes.
 *
 * The maps go by the entry's id, the step's or the photo's hash. Their order is that of the keys' bytes, which a JavaScript object does not keep:
 * whatever depends on order goes through `entriesOf`.
 */
import type { EntryId } from "./id.ts"
import type { Schemas } from "./schemas.ts"
import { compareTimes, type Timestamp } from "./time.ts"

export type Adoption = Schemas["Adoption"]
export type Alarm = Schemas["Alarm"]
export type Area = Schemas["Area"]
export type Assignment = Schemas["Assignment"]
export type BackupConsent = Schemas["BackupConsent"]
export type BackupCopy = Schemas["BackupCopy"]
export type Breach = Schemas["Breach"]
export type Charge = Schemas["Charge"]
export type Conflict = Schemas["Conflict"]
export type ConflictValue = Schemas["ConflictValue"]
export type Consent = Schemas["Consent"]
export type Correction = Schemas["Correction"]
export type CustomerClass = Schemas["CustomerClass"]
export type Decision = Schemas["Decision"]
export type DecisionKind = Schemas["DecisionKind"]
export type Withdrawal = Schemas["Withdrawal"]
export type Delay = Schemas["Delay"]
export type Diagnosis = Schemas["Diagnosis"]
export type HandBack = Schemas["HandBack"]
export type HandBackKind = Schemas["HandBackKind"]
export type Hold = Schemas["Hold"]
export type HoldKind = Schemas["HoldKind"]
export type How = Schemas["How"]
export type ItemKind = Schemas["ItemKind"]
export type LaterRating = Schemas["LaterRating"]
export type Mark = Schemas["Mark"]
export type MarkKind = Schemas["MarkKind"]
export type MatterKind = Schemas["MatterKind"]
export type Meta = Schemas["Meta"]
export type OldPart = Schemas["OldPart"]
export type Part = Schemas["Part"]
export type Payment = Schemas["Payment"]
export type Photo = Schemas["Photo"]
export type Place = Schemas["Place"]
export type Play = Schemas["Play"]
export type Quote = Schemas["Quote"]
export type QuoteLine = Schemas["QuoteLine"]
export type Rating = Schemas["Rating"]
export type Reading = Schemas["Reading"]
export type Refusal = Schemas["Refusal"]
export type Release = Schemas["Release"]
export type Reply = Schemas["Reply"]
export type ReplyKind = Schemas["ReplyKind"]
export type Report = Schemas["Report"]
export type ReportField = Schemas["ReportField"]
export type Rework = Schemas["Rework"]
export type Ruling = Schemas["Ruling"]
export type SetUp = Schemas["SetUp"]
export type SignOff = Schemas["SignOff"]
export type SignOffKind = Schemas["SignOffKind"]
export type Site = Schemas["Site"]
export type Strokes = Schemas["Strokes"]
export type TakeBack = Schemas["TakeBack"]
export type Urgency = Schemas["Urgency"]
export type Waiver = Schemas["Waiver"]
export type Warranty = Schemas["Warranty"]
export type WarrantyKind = Schemas["WarrantyKind"]

/** A job, whole: every map is there, if empty. */
export type JobRecord = Required<Schemas["JobRecord"]>

/** What a change of the record looks like beside others, and how it ended. */
export type Settlement = {
    path: string[]
    /** What stood beside each other, the one that showed first. */
    values: ConflictValue[]
    /** The change whose value was chosen; none where something else was written. */
    chosen?: Schemas["Hash"] | null
    value?: unknown
    actor: Schemas["Actor"]
    change: Schemas["Hash"]
    at: Timestamp
}

/** The record with the maps that an older server, or an empty document, leaves out. */
export function complete(record: Schemas["JobRecord"]): JobRecord {
    const none = () => ({})
    return {
        rework: null,
        site: null,
        corrections: none(),
        assignments: none(),
        assigned: null,
        decisions: none(),
        holds: none(),
        releases: none(),
        delays: none(),
        withdrawals: none(),
        replies: none(),
        marks: none(),
        notes: none(),
        photos: none(),
        readings: none(),
        plays: none(),
        diagnosis: none(),
        parts: none(),
        quotes: none(),
        consents: none(),
        backup_consents: none(),
        take_backs: none(),
        hand_backs: none(),
        waivers: none(),
        charges: none(),
        payments: none(),
        sign_offs: none(),
        refusals: none(),
        ratings: none(),
        alarms: none(),
        breaches: none(),
        adoptions: none(),
        rulings: none(),
        ...record,
    }
}

/** What stands in a map, in the order of its keys. */
export function entriesOf<V>(map: { [key: string]: V }): [string, V][] {
    return Object.entries(map).sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
}

/** The entry that was made last; of several made at once, the one with the greatest id. */
export function latest<V extends { at: Timestamp }>(entries: [EntryId, V][]): [EntryId, V] | undefined {
    return byTime(entries).at(-1)
}

/** Oldest first, those made at once by their ids. */
export function byTime<V extends { at: Timestamp }>(entries: [EntryId, V][]): [EntryId, V][] {
    const order = ([one, left]: [EntryId, V], [other, right]: [EntryId, V]) =>
        compareTimes(left.at, right.at) || (one < other ? -1 : one > other ? 1 : 0)
    return [...entries].sort(order)
}

/** Whether there is more in a text than blanks; blanks are what Unicode calls white space. */
export function isFilled(text: string | null | undefined): text is string {
    return text != null && /\P{White_Space}/u.test(text)
}
