/**
 * The service task sheet (维修服务任务单): what the customer is shown, and what a signature covers. Made from a record as it stood at some heads;
 * a sign-off names those heads and the sheet's hash. It leaves out what is no part of the work that the customer accepts: sign-offs themselves,
 * payments, notes and playbooks, places, and the steps from the signature on. The phone number is masked: the sheet leaves the house.
 *
 * The hash is what the customer signs, so this file makes the sheet equal to the server's to the byte. The server's `schema::sheet` says what must be
 * done when a sheet is to look otherwise: it is another version, and this one stays.
 */
import { backupFits } from "./backup.ts"
import { acceptedQuote, dueMinor, validConsents, withdrawalOf } from "./bill.ts"
import { REPORT_FIELDS, assignmentOf, corrected, fittedParts, markOf, reported, reworkOf } from "./course.ts"
import type { Hash } from "./id.ts"
import { hashOf } from "./json.ts"
import {
    type BackupConsent,
    type HandBack,
    type JobRecord,
    type Quote,
    type ReportField,
    type TakeBack,
    entriesOf,
    isFilled,
    latest,
} from "./record.ts"
import type { Schemas } from "./schemas.ts"
import { SHEET } from "./sheet/shape.ts"
import { handBackFits, receiptFits } from "./take_back.ts"
import { type StepTemplate, type Template, WARRANTY_MONTHS } from "./template.ts"

export type Sheet = Schemas["Sheet"]

/** The version that is made today. */
export const VERSION = 1

/** SHA-256 of the sheet's JSON. */
export function sheetHash(sheet: Sheet): Hash {
    return hashOf(SHEET, sheet)
}

/** The sheet as the record stands. */
export function sheetOf(record: JobRecord, template: Template): Sheet {
    const { meta } = record
    const assignment = assignmentOf(record) ?? latest(entriesOf(record.assignments))?.[1]
    const charges = entriesOf(record.charges)
    const text = (text: string | null | undefined) => (isFilled(text) ? text : null)
    return {
        version: VERSION,
        job: meta.job,
        number: meta.number,
        outlet: meta.outlet,
        rework_of: reworkOf(record) ?? null,
        reported_at: meta.reported_at,
        report: reportRows(record),
        technician: assignment ? { person: assignment.technician, name: assignment.technician_name } : null,
        window: assignment?.window ?? null,
        template: meta.template,
        template_version: meta.template_version,
        steps: coveredSteps(template).map((step) => stepRow(record, step)),
        cause: text(record.diagnosis.cause),
        measures: text(record.diagnosis.measures),
        parts: partRows(record),
        currency: meta.currency,
        quotes: rows(entriesOf(record.quotes), (quote, id) => quoteRow(record, quote, id)),
        accepted: acceptedQuote(record)?.[0] ?? null,
        consents: consentRows(record),
        ...backupRows(record),
        ...takenRows(record),
        waivers: rows(entriesOf(record.waivers), ({ quote, minor, reason, at }) => ({ quote, minor, reason, at })),
        due_minor: dueMinor(record) ?? null,
        charged_minor: latest(charges)?.[1].due_minor ?? null,
        warranty_months: template.warranty_months ?? WARRANTY_MONTHS,
    }
}

/**
 * The sheet that a signature with this hash covers, made from the record at the heads it names. None where the hash fits no version: then the
 * signature does not cover this record.
 */
export function signedSheet(record: JobRecord, template: Template, hash: Hash): Sheet | undefined {
    const sheet = sheetOf(record, template)
    return sheetHash(sheet) === hash ? sheet : undefined
}

function rows<V, R>(entries: [string, V][], row: (entry: V, id: string) => R): { [id: string]: R } {
    return Object.fromEntries(entries.map(([id, entry]) => [id, row(entry, id)]))
}

/** The steps before the signature; all of them where a visit has none. */
function coveredSteps(template: Template): StepTemplate[] {
    const end = template.steps.findIndex((step) => step.stage === "sign_off")
    return end < 0 ? template.steps : template.steps.slice(0, end)
}

/** Those that nobody filled in are left out. The skill that the work needs is ours to know. */
function reportRows(record: JobRecord): Sheet["report"] {
    const shown = (field: ReportField, text: string | undefined) => {
        if (text === undefined) return null
        return field === "phone" ? maskPhone(text) : text
    }
    const row = (field: ReportField) => ({
        reported: shown(field, reported(record.report, field)),
        corrected: shown(field, corrected(record, field)),
    })
    const filled = REPORT_FIELDS.filter((field) => field !== "skill").map((field) => [field, row(field)] as const)
    return Object.fromEntries(filled.filter(([, row]) => row.reported !== null || row.corrected !== null))
}

/** The number with its middle hidden: `138****5678`; of a short one the last two digits stay. */
export function maskPhone(phone: string): string {
    const digits = phone.replace(/[^0-9]/g, "").length
    const [head, tail] = digits >= 9 ? [3, 4] : [0, 2]
    let seen = 0
    return phone.replace(/[0-9]/g, (digit) => {
        seen += 1
        return seen <= head || seen + tail > digits ? digit : "*"
    })
}

function stepRow(record: JobRecord, step: StepTemplate): Schemas["SheetStep"] {
    const mark = markOf(record, step.id)
    const readings = entriesOf(record.readings).filter(([, reading]) => reading.step === step.id)
    const photos = entriesOf(record.photos).filter(([, photo]) => photo.step === step.id)
    return {
        id: step.id,
        name: step.name,
        mark: mark ? { kind: mark.kind, by: mark.by, at: mark.at, reason: mark.reason ?? null } : null,
        readings: rows(readings, ({ name, value, unit, by, at }) => {
            const named = step.evidence?.find((evidence) => evidence.name === name)
            return { name, label: named?.label ?? { zh: name, en: name }, value, unit, by, at }
        }),
        photos: photos.map(([sha256]) => sha256).filter((sha256) => /^[0-9a-f]{64}$/.test(sha256)),
    }
}

function partRows(record: JobRecord): Sheet["parts"] {
    return rows(fittedParts(record), ({ code, name, quantity_milli, serial, old_part }) => {
        return { code, name, quantity_milli, serial: serial ?? null, old_part }
    })
}

/** That it was taken back is left out where it stands, so that sheets of before there were withdrawals keep their hash. */
function quoteRow(record: JobRecord, quote: Quote, id: string): Schemas["SheetQuote"] {
    const withdrawal = withdrawalOf(record, id)
    return {
        option: quote.option ?? null,
        lines: rows(entriesOf(quote.lines), lineRow),
        total_minor: quote.total_minor,
        warranty: quote.warranty.kind,
        price_list: quote.price_list,
        at: quote.at,
        ...(withdrawal && { withdrawn: { reason: withdrawal.reason, at: withdrawal.at } }),
    }
}

/** What it can destroy, and why set-up costs what it does, are left out where there is nothing to say. */
function lineRow(line: Quote["lines"][string]): Schemas["SheetLine"] {
    const { name, unit, kind, quantity_milli, unit_minor, amount_minor, risk, setup } = line
    const more = { ...(risk != null && { risk }), ...(setup != null && { setup }) }
    return { name, unit, kind, quantity_milli, unit_minor, amount_minor, ...more }
}

/** Left out where nobody signed one, so that sheets of before keep their hash. */
function backupRows(record: JobRecord): Pick<Sheet, "backup_consents"> {
    const signed = entriesOf(record.backup_consents)
    if (signed.length === 0) return {}
    const row = (backup: BackupConsent): Schemas["SheetBackup"] => {
        const { quote, copy, text, name, how, by, at } = backup
        const of = record.quotes[quote]
        return {
            quote,
            copy,
            text,
            name,
            how,
            by: by ?? null,
            at,
            valid: of !== undefined && backupFits(record, backup, of),
        }
    }
    return { backup_consents: rows(signed, row) }
}

/** Left out where nothing was taken away. */
function takenRows(record: JobRecord): Pick<Sheet, "take_backs" | "hand_backs"> {
    const [taken, ended] = [entriesOf(record.take_backs), entriesOf(record.hand_backs)]
    const receipt = (one: TakeBack): Schemas["SheetTakeBack"] => {
        const { product, loaner, taken_on, return_on, text, name, by, at } = one
        const lent = loaner ? { name: loaner.name, serial: loaner.serial ?? null } : null
        return { product, loaner: lent, taken_on, return_on, text, name, by, at, valid: receiptFits(record, one) }
    }
    const end = (one: HandBack): Schemas["SheetHandBack"] => {
        const { receipt, kind, condition, name, by, at } = one
        const reason = one.strokes == null ? (one.reason ?? null) : null
        return { receipt, kind, condition, name, reason, by, at, valid: handBackFits(record, one) }
    }
    return {
        ...(taken.length > 0 && { take_backs: rows(taken, receipt) }),
        ...(ended.length > 0 && { hand_backs: rows(ended, end) }),
    }
}

function consentRows(record: JobRecord): Sheet["consents"] {
    const valid = new Set(validConsents(record).map(([id]) => id))
    return rows(entriesOf(record.consents), ({ quote, total_minor, name, how, by, at }, id) => {
        return { quote, total_minor, name, how, by: by ?? null, at, valid: valid.has(id) }
    })
}
