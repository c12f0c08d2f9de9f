/** Which edit writes which place. */
import type { Edit } from "../edit.ts"
import type { Path } from "./shape.ts"

/** One place and its JSON value; null empties it. */
export interface Put {
    path: Path
    value: unknown
}

type Special = "open" | "set_report" | "rework" | "assign" | "unassign" | "cause" | "measures"

/** The map, the field of the edit that names the entry, and the one that holds it. */
const PLACES: { [K in Exclude<Edit["edit"], Special>]: [map: string, key: string, value: string] } = {
    correct: ["corrections", "id", "correction"],
    decide: ["decisions", "id", "decision"],
    hold: ["holds", "id", "hold"],
    release: ["releases", "hold", "release"],
    mark: ["marks", "step", "mark"],
    note: ["notes", "step", "text"],
    photo: ["photos", "sha256", "photo"],
    reading: ["readings", "id", "reading"],
    play: ["plays", "id", "play"],
    part: ["parts", "id", "part"],
    quote: ["quotes", "id", "quote"],
    consent: ["consents", "id", "consent"],
    waive: ["waivers", "id", "waiver"],
    charge: ["charges", "id", "charge"],
    pay: ["payments", "id", "payment"],
    sign_off: ["sign_offs", "id", "sign_off"],
    refuse: ["refusals", "id", "refusal"],
    rate: ["ratings", "id", "rating"],
    alarm: ["alarms", "id", "alarm"],
    breach: ["breaches", "id", "breach"],
    adopt: ["adoptions", "id", "adoption"],
    rule: ["rulings", "id", "ruling"],
}

/** What the edit writes. To open a record also makes its maps, which are no places. */
export function putsOf(edit: Edit): Put[] {
    switch (edit.edit) {
        case "open": {
            const report = Object.entries(edit.report).filter(([, value]) => value !== null && value !== undefined)
            const fields = report.map(([field, value]) => ({ path: ["report", field], value }))
            return [{ path: ["meta"], value: edit.meta }, ...fields]
        }
        case "set_report":
            return [{ path: ["report", edit.field], value: edit.value ?? null }]
        case "rework":
            return [{ path: ["rework"], value: edit.rework }]
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
        default: {
            const [map, key, value] = PLACES[edit.edit]
            const fields: { [field: string]: unknown } = { ...edit }
            return [{ path: [map, String(fields[key])], value: fields[value] }]
        }
    }
}
