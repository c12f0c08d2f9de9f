/**
 * Edits: the typed writes to a job record. Phone and server write nothing else, so this list is all that can happen to a job. In the form that the
 * server's JSON has: the word under `edit`, what is written beside it.
 */
import type { EntryId, Hash } from "./id.ts"
import type * as record from "./record.ts"
import type { Timestamp } from "./time.ts"

export type Edit =
    /** Opens the record: its first change, by the server. */
    | { edit: "open"; meta: record.Meta; report: record.Report }
    /** The office sets or clears a field of the report. */
    | { edit: "set_report"; field: record.ReportField; value?: string | null }
    /** The office finds that the job is rework. */
    | { edit: "rework"; rework: record.Rework }
    /** The office says where the customer's address is. */
    | { edit: "site"; site: record.Site }
    | { edit: "correct"; id: EntryId; correction: record.Correction }
    /** Puts the job into a technician's hands; the earlier assignment stays on record. */
    | { edit: "assign"; id: EntryId; assignment: record.Assignment }
    /** Takes the job out of everybody's hands. */
    | { edit: "unassign" }
    | { edit: "decide"; id: EntryId; decision: record.Decision }
    | { edit: "hold"; id: EntryId; hold: record.Hold }
    | { edit: "release"; hold: EntryId; release: record.Release }
    | { edit: "delay"; id: EntryId; delay: record.Delay }
    | { edit: "reply"; id: EntryId; reply: record.Reply }
    | { edit: "mark"; step: string; mark: record.Mark }
    | { edit: "note"; step: string; text: string }
    | { edit: "photo"; sha256: Hash; photo: record.Photo }
    | { edit: "reading"; id: EntryId; reading: record.Reading }
    | { edit: "play"; id: EntryId; play: record.Play }
    | { edit: "cause"; text: string }
    | { edit: "measures"; text: string }
    | { edit: "part"; id: EntryId; part: record.Part }
    | { edit: "quote"; id: EntryId; quote: record.Quote }
    | { edit: "withdraw"; id: EntryId; withdrawal: record.Withdrawal }
    | { edit: "consent"; id: EntryId; consent: record.Consent }
    /** The customer signs before work that can destroy data. */
    | { edit: "backup"; id: EntryId; backup: record.BackupConsent }
    /** The customer signs for what is taken away for repair. */
    | { edit: "take_back"; id: EntryId; take_back: record.TakeBack }
    | { edit: "hand_back"; id: EntryId; hand_back: record.HandBack }
    | { edit: "waive"; id: EntryId; waiver: record.Waiver }
    | { edit: "charge"; id: EntryId; charge: record.Charge }
    | { edit: "pay"; id: EntryId; payment: record.Payment }
    | { edit: "sign_off"; id: EntryId; sign_off: record.SignOff }
    | { edit: "refuse"; id: EntryId; refusal: record.Refusal }
    | { edit: "rate"; id: EntryId; rating: record.LaterRating }
    | { edit: "alarm"; id: EntryId; alarm: record.Alarm }
    | { edit: "breach"; id: EntryId; breach: record.Breach }
    /** The office adopts or rejects what had not been taken over. */
    | { edit: "adopt"; id: EntryId; adoption: record.Adoption }
    /** The supervisor says which of several counts. */
    | { edit: "rule"; id: EntryId; ruling: record.Ruling }

/** When what a phone writes by it happened, as the entry itself says. */
export function editedAt(edit: Edit): Timestamp | undefined {
    switch (edit.edit) {
        case "correct":
            return edit.correction.at
        case "hold":
            return edit.hold.at
        case "release":
            return edit.release.at
        case "delay":
            return edit.delay.at
        case "reply":
            return edit.reply.at
        case "mark":
            return edit.mark.at
        case "photo":
            return edit.photo.at
        case "reading":
            return edit.reading.at
        case "play":
            return edit.play.at
        case "part":
            return edit.part.at
        case "quote":
            return edit.quote.at
        case "withdraw":
            return edit.withdrawal.at
        case "consent":
            return edit.consent.at
        case "backup":
            return edit.backup.at
        case "take_back":
            return edit.take_back.at
        case "hand_back":
            return edit.hand_back.at
        case "charge":
            return edit.charge.at
        case "sign_off":
            return edit.sign_off.at
        case "alarm":
            return edit.alarm.at
        default:
            return undefined
    }
}
