/**
 * Gates: rules that must hold before an edit, the same here as on the server, which asks again. Order matters where safety, money or evidence
 * depend on it, and only there; which gates guard which step is the checklist's data. *Entry* rules (`gate/entry.ts`) a single entry must keep
 * whatever came before; *order* rules (`gate/order.ts`) guard a step's tick and the signature. An alarm, a note, a hold or a declined signature
 * never waits for anything: a technician at the door is never stopped.
 *
 * A broken rule brings its sentence in both languages, letter for letter the server's: so the phone says before the tap what the server would say
 * after it, and the sentences do not stand in the catalogue of words a second time.
 */
import type { Edit } from "./edit.ts"
import * as entry from "./gate/entry.ts"
import * as order from "./gate/order.ts"
import * as taken from "./gate/taken.ts"
import type { EntryId } from "./id.ts"
import type { JobRecord } from "./record.ts"
import type { Gate, Template } from "./template.ts"

export { evidenceMissing } from "./gate/order.ts"

/** Which rule is broken: one of the checklist's gates, or what every entry must keep. */
export type Rule =
    | Gate
    /** The template has no such step, or the step no such playbook entry. */
    | "step_unknown"
    | "reason_missing"
    /** "Not applicable" on a step that every visit has. */
    | "not_optional"
    | "quote_arithmetic"
    | "quote_unknown"
    /** The quote is another one than was shown. */
    | "quote_changed"
    | "currency"
    | "name_missing"
    | "signature_missing"
    /** A signature that does not say what it covers. */
    | "covers_nothing"
    /** It covers another sheet than the record gives. */
    | "sheet_changed"
    | "rating_out_of_range"
    | "amount_out_of_range"
    /** The quote was taken back. */
    | "quote_withdrawn"
    /** The customer has accepted the quote: it can't be taken back. */
    | "quote_accepted"
    /** A technician takes back what somebody else offered. */
    | "not_yours"
    /** A correction or a count that is none of what its field can hold. */
    | "value_unfit"
    /** A hand-back of what nobody signed for. */
    | "receipt_unknown"
    /** What it hands back is home already. */
    | "receipt_ended"
    /** The words are not those that the receipt, or its end, has to say. */
    | "receipt_changed"

/** A broken rule that does not know yet where it was broken. */
export type Broken = {
    rule: Rule
    /** The step to attend to; not always the one that was tapped. */
    step: string | null
    zh: string
    en: string
}

/** A rule that an edit would break, and what the technician does instead. */
export type Violation = Broken & {
    /** The place that was to be written, as in `["marks", "repair"]`. */
    path: string[]
}

/** The rules that this edit would break, written to this record. Empty: go ahead. */
export function check(record: JobRecord, template: Template, edit: Edit): Violation[] {
    const at = (map: string, key: string, broken: Broken[]) => broken.map((one) => ({ ...one, path: [map, key] }))
    switch (edit.edit) {
        case "mark":
            return at("marks", edit.step, order.mark(record, template, edit.step, edit.mark))
        case "note":
            return at("notes", edit.step, entry.notePlace(template, edit.step))
        case "photo":
            return at("photos", edit.sha256, entry.notePlace(template, edit.photo.step))
        case "reading":
            return at("readings", edit.id, entry.reading(template, edit.reading))
        case "play":
            return at("plays", edit.id, entry.play(template, edit.play))
        case "hold":
            return at("holds", edit.id, entry.reason(edit.hold.reason))
        case "quote":
            return at("quotes", edit.id, entry.quote(record, edit.quote))
        case "withdraw":
            return at("withdrawals", edit.id, entry.withdrawal(record, edit.withdrawal))
        case "consent":
            return at("consents", edit.id, entry.consent(record, edit.consent))
        case "backup":
            return at("backup_consents", edit.id, entry.backup(record, edit.backup))
        case "take_back":
            return at("take_backs", edit.id, taken.takeBack(record, edit.take_back))
        case "hand_back":
            return at("hand_backs", edit.id, taken.handBack(record, edit.id, edit.hand_back))
        case "waive":
            return at("waivers", edit.id, entry.waiver(record, edit.waiver))
        case "charge":
            return at("charges", edit.id, entry.charge(record, edit.charge))
        case "pay":
            return at("payments", edit.id, entry.payment(record, edit.payment))
        case "refuse":
            return at("refusals", edit.id, entry.refusal(record, edit.refusal))
        case "rate":
            return at("ratings", edit.id, entry.laterRating(edit.rating))
        case "correct":
            return at("corrections", edit.id, entry.correction(edit.correction))
        case "sign_off":
            return at("sign_offs", edit.id, order.signOff(record, template, edit.sign_off))
        default:
            return []
    }
}

/**
 * A signature covers changes that the record does not have. The record's plain data does not show that, so whoever holds the document asks, before
 * the tap.
 */
export function coversUnknown(id: EntryId): Violation {
    const zh = "客户所签的内容中有未被接受的记录，签字不能生效；请重新打开任务单，再请客户签字。"
    const en = "The signature covers entries that were not taken over; open the sheet again and ask for it anew."
    return { rule: "covers_nothing", step: null, path: ["sign_offs", id], zh, en }
}
