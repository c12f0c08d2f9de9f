/** The fields of a sheet in the order of the server's structs, over whose JSON the hash is taken. */
import { type Shape, SET_UP } from "../json.ts"
import type { Schemas } from "../schemas.ts"

const FIELD: Shape<Schemas["SheetField"]> = { reported: "value", corrected: "value" }

const TECHNICIAN: Shape<Schemas["SheetTechnician"]> = { person: "value", name: "value" }

const WINDOW: Shape<Schemas["Window"]> = { from: "value", to: "value" }

const BILINGUAL: Shape<Schemas["Bilingual"]> = { zh: "value", en: "value" }

const MARK: Shape<Schemas["SheetMark"]> = { kind: "value", by: "value", at: "value", reason: "value" }

const READING: Shape<Schemas["SheetReading"]> = {
    name: "value",
    label: { object: BILINGUAL },
    value: "value",
    unit: "value",
    by: "value",
    at: "value",
}

const STEP: Shape<Schemas["SheetStep"]> = {
    id: "value",
    name: { object: BILINGUAL },
    mark: { object: MARK },
    readings: { map: READING },
    photos: "value",
}

const PART: Shape<Schemas["SheetPart"]> = {
    code: "value",
    name: "value",
    quantity_milli: "value",
    serial: "value",
    old_part: "value",
}

const LINE: Shape<Schemas["SheetLine"]> = {
    name: "value",
    unit: "value",
    kind: "value",
    quantity_milli: "value",
    unit_minor: "value",
    amount_minor: "value",
    risk: "optional",
    setup: { optional: SET_UP },
}

const WITHDRAWAL: Shape<Schemas["SheetWithdrawal"]> = { reason: "value", at: "value" }

const QUOTE: Shape<Schemas["SheetQuote"]> = {
    option: "value",
    lines: { map: LINE },
    total_minor: "value",
    warranty: "value",
    price_list: "value",
    at: "value",
    withdrawn: { optional: WITHDRAWAL },
}

const CONSENT: Shape<Schemas["SheetConsent"]> = {
    quote: "value",
    total_minor: "value",
    name: "value",
    how: "value",
    by: "value",
    at: "value",
    valid: "value",
}

const BACKUP: Shape<Schemas["SheetBackup"]> = {
    quote: "value",
    copy: "value",
    text: "value",
    name: "value",
    how: "value",
    by: "value",
    at: "value",
    valid: "value",
}

const LOANER: Shape<Schemas["Loaner"]> = { name: "value", serial: "value" }

const TAKE_BACK: Shape<Schemas["SheetTakeBack"]> = {
    product: "value",
    loaner: { object: LOANER },
    taken_on: "value",
    return_on: "value",
    text: "value",
    name: "value",
    by: "value",
    at: "value",
    valid: "value",
}

const HAND_BACK: Shape<Schemas["SheetHandBack"]> = {
    receipt: "value",
    kind: "value",
    condition: "value",
    name: "value",
    reason: "value",
    by: "value",
    at: "value",
    valid: "value",
}

const WAIVER: Shape<Schemas["SheetWaiver"]> = { quote: "value", minor: "value", reason: "value", at: "value" }

export const SHEET: Shape<Schemas["Sheet"]> = {
    version: "value",
    job: "value",
    number: "value",
    outlet: "value",
    rework_of: "value",
    reported_at: "value",
    report: { map: FIELD },
    technician: { object: TECHNICIAN },
    window: { object: WINDOW },
    template: "value",
    template_version: "value",
    steps: { list: STEP },
    cause: "value",
    measures: "value",
    parts: { map: PART },
    currency: "value",
    quotes: { map: QUOTE },
    accepted: "value",
    consents: { map: CONSENT },
    backup_consents: { optionalMap: BACKUP },
    take_backs: { optionalMap: TAKE_BACK },
    hand_backs: { optionalMap: HAND_BACK },
    waivers: { map: WAIVER },
    due_minor: "value",
    charged_minor: "value",
    warranty_months: "value",
}
