/**
 * An edit laid onto a record in memory: what reading the document would give after writing it there, without the document. So a page can show what
 * would follow before anything is written, and the rules can be tested.
 */
import type { Edit } from "./edit.ts"
import type { EntryId } from "./id.ts"
import type { JobRecord } from "./record.ts"

/** What an edit writes, and where, as in `["marks", "repair"]`; null empties the place. */
export type Put = { path: string[]; value: unknown }

/** Edits that add an entry under an id of its own. */
type EntryEdit = Exclude<Extract<Edit, { id: EntryId }>, { edit: "assign" }>

/** The map that the entry goes to, and the field of the edit that has it. */
const ENTRIES: { [edit in EntryEdit["edit"]]: [map: keyof JobRecord, field: string] } = {
    correct: ["corrections", "correction"],
    decide: ["decisions", "decision"],
    hold: ["holds", "hold"],
    delay: ["delays", "delay"],
    reply: ["replies", "reply"],
    reading: ["readings", "reading"],
    play: ["plays", "play"],
    part: ["parts", "part"],
    quote: ["quotes", "quote"],
    withdraw: ["withdrawals", "withdrawal"],
    consent: ["consents", "consent"],
    backup: ["backup_consents", "backup"],
    take_back: ["take_backs", "take_back"],
    hand_back: ["hand_backs", "hand_back"],
    waive: ["waivers", "waiver"],
    charge: ["charges", "charge"],
    pay: ["payments", "payment"],
    sign_off: ["sign_offs", "sign_off"],
    refuse: ["refusals", "refusal"],
    rate: ["ratings", "rating"],
    alarm: ["alarms", "alarm"],
    breach: ["breaches", "breach"],
    adopt: ["adoptions", "adoption"],
    rule: ["rulings", "ruling"],
}

/** What the edit writes; nothing for `open`, which comes before there is a record. */
export function putsOf(edit: Edit): Put[] {
    switch (edit.edit) {
        case "open":
            return []
        case "set_report":
            return [{ path: ["report", edit.field], value: edit.value ?? null }]
        case "rework":
            return [{ path: ["rework"], value: edit.rework }]
        case "site":
            return [{ path: ["site"], value: edit.site }]
        case "assign":
            return [
                { path: ["assignments", edit.id], value: edit.assignment },
                { path: ["assigned"], value: edit.id },
            ]
        case "unassign":
            return [{ path: ["assigned"], value: null }]
        case "cause":
        case "measures":
            return [{ path: ["diagnosis", edit.edit], value: edit.text }]
        case "mark":
            return [{ path: ["marks", edit.step], value: edit.mark }]
        case "note":
            return [{ path: ["notes", edit.step], value: edit.text }]
        case "photo":
            return [{ path: ["photos", edit.sha256], value: edit.photo }]
        case "release":
            return [{ path: ["releases", edit.hold], value: edit.release }]
        default: {
            const [map, field] = ENTRIES[edit.edit]
            return [{ path: [map, edit.id], value: (edit as unknown as { [field: string]: unknown })[field] }]
        }
    }
}

/** The record with the edit laid over it; the one that was given stays as it was. */
export function lay(record: JobRecord, edit: Edit): JobRecord {
    const laid = { ...record } as unknown as { [map: string]: unknown }
    for (const { path, value } of putsOf(edit)) {
        const [place, key] = path
        if (place === undefined) continue
        laid[place] = key === undefined ? value : { ...(laid[place] as object), [key]: value }
    }
    return laid as JobRecord
}
