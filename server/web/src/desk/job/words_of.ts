/** Places and values of a record as people read them. */
import type { Schemas } from "../../api/client.ts"
import { stepName } from "../../core/place.ts"
import { WHOLE_VISIT } from "../../core/template.ts"
import { pick, words } from "../../words.ts"
import { money } from "../../design/money.ts"
import { dayAndTime, windowText } from "../../design/dates.ts"

/** A place of the record, as in `["report", "fault"]`. */
export function placeText(path: string[], template: Schemas["Template"] | undefined): string {
    const { deskJob, terms } = words.value
    const [group = "", key = ""] = path
    const name = deskJob.places[group] ?? group
    if (key === WHOLE_VISIT || template?.steps.some((known) => known.id === key))
        return `${name} · ${pick(stepName(key, template))}`
    const field = (terms.reportField as Record<string, string>)[key] ?? deskJob.fields[key]
    return field ? `${name} · ${field}` : name
}

type Entry = Record<string, unknown>
type Names = (id: string) => string

const isEntry = (value: unknown): value is Entry => typeof value === "object" && value !== null && !Array.isArray(value)
const word = (table: Record<string, string>, value: unknown) => table[String(value)] ?? String(value)
const said = (...parts: unknown[]) => parts.filter((part) => part != null && part !== "").join(" · ")
const amount = (entry: Entry, minor: unknown) =>
    typeof minor === "number" ? money(minor, String(entry.currency ?? "CNY")) : ""

/** What an entry of each group says, in a line. */
const LINES: Record<string, (entry: Entry, names: Names) => string> = {
    meta: (entry) => said(entry.number),
    marks: (entry) => said(word(words.value.terms.mark, entry.kind), entry.reason),
    assignments: (entry) => said(entry.technician_name, windowOf(entry.window), entry.reason),
    decisions: (entry) => said(word(words.value.terms.decision, entry.kind), entry.reason),
    holds: (entry) => said(word(words.value.terms.hold, entry.kind), entry.reason),
    delays: (entry) => said(timeOf(entry.arrives_at), entry.reason),
    replies: (entry) => said(word(words.value.delay.word, entry.kind), entry.note),
    site: (entry) => said(`${Number(entry.latitude_e6) / 1e6}, ${Number(entry.longitude_e6) / 1e6}`, entry.address),
    releases: (entry, names) => said(names(String(entry.by)), timeOf(entry.at)),
    corrections: (entry) => said(word(words.value.terms.reportField, entry.field), entry.value),
    photos: (entry) => said(timeOf(entry.at)),
    readings: (entry) => said(entry.label, `${entry.value} ${entry.unit ?? ""}`),
    plays: (entry) => said(entry.play, entry.note),
    parts: (entry) => said(entry.name, Number(entry.quantity_milli) / 1000, entry.serial),
    quotes: (entry) => said(amount(entry, entry.total_minor), entry.option),
    consents: (entry) => said(entry.name, amount(entry, entry.total_minor), word(words.value.terms.how, entry.how)),
    backup_consents: (entry) =>
        said(entry.name, word(words.value.backup.copies, entry.copy), word(words.value.terms.how, entry.how)),
    take_backs: (entry) => said(entry.product, entry.name, entry.return_on),
    hand_backs: (entry) => said(word(words.value.taken.kinds, entry.kind), entry.name, entry.reason, entry.condition),
    waivers: (entry) => said(amount(entry, entry.minor), entry.reason),
    charges: (entry) => said(amount(entry, entry.due_minor)),
    payments: (entry) => said(amount(entry, entry.minor), methodText(entry.method), entry.receipt),
    sign_offs: (entry) => said(entry.name, entry.reason, entry.remarks),
    refusals: (entry) => said(entry.reason),
    withdrawals: (entry) => said(entry.reason),
    alarms: (entry) => said(entry.reason),
    breaches: (entry, names) => said(entry.cause, entry.whose ? names(String(entry.whose)) : undefined),
    adoptions: (entry) => said(entry.writer_name, entry.by_name, entry.reason),
    rulings: (entry) => said(entry.reason),
    rework: (entry) => said(entry.number),
}

/** What a reading is called where it was asked for. */
function labelOf(entry: Entry, template: Schemas["Template"] | undefined): unknown {
    const step = template?.steps.find((known) => known.id === entry.step)
    const asked = step?.evidence?.find((evidence) => evidence.name === entry.name)
    return asked ? pick(asked.label) : entry.name
}

function windowOf(value: unknown): string {
    if (!isEntry(value) || typeof value.from !== "string" || typeof value.to !== "string") return ""
    return windowText({ from: value.from, to: value.to })
}

const timeOf = (value: unknown) => (typeof value === "string" ? dayAndTime(value) : "")

export function methodText(method: unknown): string {
    const { cash, card, transfer } = words.value.deskJob.money
    return word({ cash, card, transfer }, method)
}

/** A value, as long as a line. */
export function valueText(path: string[], value: unknown, names: Names, template?: Schemas["Template"]): string {
    const { deskJob, terms } = words.value
    const [group = "", key = ""] = path
    if (value == null || value === "") return deskJob.history.empty
    if (isEntry(value)) return LINES[group]?.({ ...value, label: labelOf(value, template) }, names) || shortly(value)
    // Which entry of the assignments holds: its technician says it.
    if (group === "assigned") return names(String(value))
    if (group === "report") {
        const table = { urgency: terms.urgency, area: terms.area, skill: terms.skill }[key] as
            Record<string, string> | undefined
        return table ? word(table, value) : String(value)
    }
    return typeof value === "string" || typeof value === "number" ? String(value) : shortly(value)
}

const SHORT_CHARS = 160

function shortly(value: unknown): string {
    const text = JSON.stringify(value)
    return text.length > SHORT_CHARS ? `${text.slice(0, SHORT_CHARS)}…` : text
}
