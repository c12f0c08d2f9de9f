/**
 * How a job went: what the record's entries say when they are read together. Pure questions that status, gates and the sheet all ask, so that they
 * can't be answered in two ways. They give the same answers as the server's.
 */
import type { EntryId } from "./id.ts"
import { outOf } from "./out.ts"
import {
    type Assignment,
    type Decision,
    type HandBack,
    type Hold,
    type JobRecord,
    type Mark,
    type MatterKind,
    type Part,
    type Rating,
    type Reading,
    type Report,
    type ReportField,
    type SignOff,
    byTime,
    entriesOf,
    isFilled,
    latest,
} from "./record.ts"
import { compareTimes, type Timestamp } from "./time.ts"

/**
 * Steps whose mark shows that the technician is coming, or at work, again: what the job waited for has evidently ended. Not `knock`, which is
 * also ticked at a door that nobody opens; not `cleanup` nor `farewell`, which end a visit without success.
 */
const RESUMES = ["depart", "introduce", "shoe_covers", "repair", "before_service", "testing"]

/** In the order in which sheets show them. */
export const REPORT_FIELDS: ReportField[] = [
    "name",
    "phone",
    "address",
    "fault",
    "product",
    "model",
    "serial",
    "purchased_on",
    "wanted",
    "urgency",
    "skill",
    "area",
]

/** Incomplete data is the first cause of useless visits. */
export const NEEDED_TO_DISPATCH: ReportField[] = ["name", "phone", "address", "fault"]

/** The job whose repair failed, where this is rework (返修), whenever it was found out. */
export function reworkOf(record: JobRecord): string | undefined {
    return record.meta.rework_of ?? record.rework?.of ?? undefined
}

/** The assignment in force. */
export function assignmentOf(record: JobRecord): Assignment | undefined {
    return record.assigned == null ? undefined : record.assignments[record.assigned]
}

/** The step's mark; `open` counts as none. */
export function markOf(record: JobRecord, step: string): Mark | undefined {
    const mark = record.marks[step]
    return mark?.kind === "open" ? undefined : mark
}

/** A field as the office has it; blank counts as none. */
export function reported(report: Report, field: ReportField): string | undefined {
    const text = report[field]
    return isFilled(text) ? text : undefined
}

/** The technician's latest correction of a field, be it blank. */
export function corrected(record: JobRecord, field: ReportField): string | undefined {
    const of = entriesOf(record.corrections).filter(([, correction]) => correction.field === field)
    return latest(of)?.[1].value
}

/** A field as it is now known: corrected, else as reported; blank counts as none. */
export function known(record: JobRecord, field: ReportField): string | undefined {
    const found = corrected(record, field)
    return isFilled(found) ? found : reported(record.report, field)
}

/** What must be known before the job can be dispatched, and is not. */
export function missingToDispatch(record: JobRecord): ReportField[] {
    return NEEDED_TO_DISPATCH.filter((field) => known(record, field) === undefined)
}

/** The office's last word on the job's course; `proved` is none, it only ends a wait. */
export function lastDecision(record: JobRecord): Decision | undefined {
    return latest(entriesOf(record.decisions).filter(([, decision]) => decision.kind !== "proved"))?.[1]
}

/** When the job was last re-opened: what lies before belongs to the earlier round. */
export function reopenedAt(record: JobRecord): Timestamp | undefined {
    const reopened = Object.values(record.decisions).filter((decision) => decision.kind === "reopened")
    return last(reopened.map((decision) => decision.at))
}

/** Whether a moment belongs to the present round. */
export function isCurrent(record: JobRecord, at: Timestamp): boolean {
    const reopened = reopenedAt(record)
    return reopened === undefined || compareTimes(at, reopened) >= 0
}

/** The step's mark of the present round; `open` counts as none. */
export function currentMark(record: JobRecord, step: string): Mark | undefined {
    const mark = markOf(record, step)
    return mark && isCurrent(record, mark.at) ? mark : undefined
}

/** The sign-offs of the present round, oldest first. Two made offline both stay, until the supervisor says which counts. */
export function currentSignOffs(record: JobRecord): [EntryId, SignOff][] {
    const passed = overruled(record, "sign_off")
    const counts = ([id, signOff]: [EntryId, SignOff]) => isCurrent(record, signOff.at) && !passed.has(id)
    return byTime(entriesOf(record.sign_offs).filter(counts))
}

/** The marks that the customer gave last, with a signature or apart from one. */
export function lastRating(record: JobRecord): Rating | undefined {
    const signed = entriesOf(record.sign_offs).map(([id, { rating, at }]) => [id, { rating, at }] as const)
    const later = entriesOf(record.ratings).map(([id, { rating, at }]) => [id, { rating, at }] as const)
    const given: [EntryId, { rating: Rating; at: Timestamp }][] = []
    for (const [id, { rating, at }] of [...signed, ...later]) if (rating) given.push([id, { rating, at }])
    return latest(given)?.[1].rating
}

/** The last reading of this name in the present round, at whichever step it was taken. */
export function currentReading(record: JobRecord, name: string): Reading | undefined {
    const named = ([, reading]: [EntryId, Reading]) => reading.name === name && isCurrent(record, reading.at)
    return latest(entriesOf(record.readings).filter(named))?.[1]
}

/** The parts fitted, without those taken back as entered in error. */
export function fittedParts(record: JobRecord): [EntryId, Part][] {
    const undone = new Set(Object.values(record.parts).map((part) => part.undoes))
    return entriesOf(record.parts).filter(([id, part]) => part.undoes == null && !undone.has(id))
}

/** The entries of this kind that do not count, because the supervisor said so. */
export function overruled(record: JobRecord, kind: MatterKind): Set<EntryId> {
    const passed = new Set<EntryId>()
    for (const [, ruling] of byTime(entriesOf(record.rulings).filter(([, ruling]) => ruling.matter === kind))) {
        ruling.of.forEach((id) => passed.add(id))
        passed.delete(ruling.counts)
    }
    return passed
}

/**
 * When a hold ended: by its release, or by a fact that shows that the wait was over, whichever came first. None while it lasts, and for an id
 * that names no hold.
 */
export function holdEndedAt(record: JobRecord, id: EntryId): Timestamp | undefined {
    const hold = record.holds[id]
    if (!hold) return undefined
    const release = record.releases[id]?.at
    const released = release === undefined ? undefined : last([release, hold.at])
    return first([released, ...overtaken(record, hold)].filter((at) => at !== undefined))
}

/** Phones forget to release; the work that followed says it too. */
function overtaken(record: JobRecord, hold: Hold): Timestamp[] {
    const decided = (kind: Decision["kind"]) => Object.values(record.decisions).filter((one) => one.kind === kind)
    const resumed = RESUMES.map((step) => markOf(record, step)).filter((mark) => mark?.kind === "done")
    const moved = assignmentOf(record)
    const signed = Object.values(record.sign_offs)
    const facts = {
        part: [...resumed, ...signed],
        price: [...resumed, ...signed],
        customer: [...resumed, ...signed, moved],
        absent: [...resumed, ...signed, moved],
        // Repaired and tested in the workshop, it is still not back with the customer.
        workshop: [...signed, allHome(record)],
        proof: decided("proved"),
    }[hold.kind]
    const moments = [...facts, ...decided("reopened")].filter((fact) => fact !== undefined).map((fact) => fact.at)
    return moments.filter((at) => compareTimes(at, hold.at) > 0)
}

/** The hand-back by which the last product came home that was taken; none while one is with us, and where none ever was. */
function allHome(record: JobRecord): HandBack | undefined {
    if (Object.keys(record.take_backs).some((id) => outOf(record, id).product)) return undefined
    return latest(entriesOf(record.hand_backs).filter(([, end]) => end.kind !== "loaner"))?.[1]
}

/** Holds that last, oldest first. */
export function lastingHolds(record: JobRecord): [EntryId, Hold][] {
    return byTime(entriesOf(record.holds).filter(([id]) => holdEndedAt(record, id) === undefined))
}

/** The earliest of these moments. */
function first(moments: Timestamp[]): Timestamp | undefined {
    return [...moments].sort(compareTimes).at(0)
}

/** The latest of these moments. */
export function last(moments: Timestamp[]): Timestamp | undefined {
    return [...moments].sort(compareTimes).at(-1)
}
