/** What a field of the report can hold, and what a count can: the server's rules (`schema::field`), with its sentences. */
import type { ReportField } from "../record.ts"
import { int64 } from "./number.ts"

const FIELD_CHARS_MAX = 400
const NOTE_CHARS_MAX = 4_000

type Said = [zh: string, en: string]

/** Why this field can't hold that; none where it can. A blank says that nothing is known, which any field can hold. */
export function unfit(field: ReportField, text: string): Said | undefined {
    const value = trimmed(text)
    if (value === "") return undefined
    const charsMax = field === "fault" || field === "wanted" ? NOTE_CHARS_MAX : FIELD_CHARS_MAX
    if ([...value].length > charsMax) return [`最多 ${charsMax} 个字。`, `It has ${charsMax} characters at most.`]
    if (/\p{Cc}/u.test(value.replace(/[\n\t\r]/g, "")))
        return ["含有不可显示的字符。", "It holds characters that can't be shown."]
    switch (field) {
        case "phone":
            return isDialled(value)
                ? undefined
                : ["电话号码应有 3 至 20 位数字。", "A phone number has 3 to 20 digits."]
        case "purchased_on":
            return isDate(value) ? undefined : ["日期应写成 2026-03-02。", "A date is written as in 2026-03-02."]
        case "urgency":
            if (value === "urgent" || value === "general") return undefined
            return ["请填 urgent（急修）或 general（一般）。", 'Urgency is "urgent" or "general".']
        case "area":
            if (value === "own" || value === "shared") return undefined
            return ["请填 own（自用）或 shared（公共）。", 'The part is "own" or "shared".']
        default:
            return undefined
    }
}

/** Full-width digits count as digits; a country code more or less keeps the number within these bounds. */
function isDialled(phone: string): boolean {
    const digits = phone.match(/[0-9\uff10-\uff19]/g)?.length ?? 0
    return digits >= 3 && digits <= 20
}

/** In this one form, as it is compared and shown. */
function isDate(text: string): boolean {
    return dateOf(text) !== undefined
}

/** The day that is written so; none where the text has another form. */
export function dateOf(text: string): Date | undefined {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
    const date = new Date(`${text}T00:00:00Z`)
    return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? date : undefined
}

/** The count that was written down: `12`, or `12.0`. None where it is no whole number. */
export function count(text: string): bigint | undefined {
    return int64(trimmed(text).replace(/\.0*$/, ""))
}

/** Without the blanks around it; blanks are what Unicode calls white space. */
export function trimmed(text: string): string {
    return text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "")
}
