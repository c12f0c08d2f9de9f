/**
 * Set-up of software (软件调试): free within a month of the product's installation, charged after three; between is for the outlet to say. By dates, as
 * `schema::setup` in the server's source reckons it.
 */
import { dateOf } from "./gate/field.ts"
import type { SetUp } from "./record.ts"
import type { Schemas } from "./schemas.ts"

export type SetUpTerms = Schemas["SetUpTerms"]

/** Where an older server said nothing of it. */
export const USUAL_TERMS: SetUpTerms = { free_months: 1, charged_months: 3, between: "free" }

/** How set-up is charged on this day, by the outlet's calendar, of a product installed on that one. A date that is none counts as unknown. */
export function judgeSetUp(terms: SetUpTerms, installedOn: string | null | undefined, on: string): SetUp {
    const months = terms.between === "free" ? Math.max(terms.charged_months, terms.free_months) : terms.free_months
    const charged = installedOn == null || dateOf(installedOn) === undefined ? undefined : after(installedOn, months)
    if (installedOn == null || charged === undefined) return { term: "unknown" }
    return { term: on < charged ? "free" : "charged", installed_on: installedOn, charged_from: charged }
}

/** Nothing is installed before it is bought; where one of the two is not known, nothing contradicts. */
export function isBeforePurchase(installedOn: string, purchasedOn: string | undefined): purchasedOn is string {
    if (dateOf(installedOn) === undefined || purchasedOn === undefined || dateOf(purchasedOn) === undefined)
        return false
    return installedOn < purchasedOn
}

/** The day after so many months; a month from the 31st ends with a month that is shorter. */
function after(date: string, months: number): string | undefined {
    const [year = 0, month = 1, day = 1] = date.split("-").map(Number)
    if (months < 0) return undefined
    const all = year * 12 + (month - 1) + months
    const [inYear, inMonth] = [Math.floor(all / 12), all % 12]
    const longest = new Date(0)
    longest.setUTCFullYear(inYear, inMonth + 1, 0)
    const next = new Date(0)
    next.setUTCFullYear(inYear, inMonth, Math.min(day, longest.getUTCDate()) + 1)
    return next.getUTCFullYear() > 9_999 ? undefined : next.toISOString().slice(0, 10)
}

/** Why the line costs what it does. */
export function saidOfSetUp({ term, installed_on, charged_from }: SetUp, language: "zh-CN" | "en"): string {
    const [installed, from] = [installed_on ?? "", charged_from ?? ""]
    const isEnglish = language === "en"
    switch (term) {
        case "free":
            return isEnglish
                ? `Set-up of software: installed on ${installed}, free before ${from}`
                : `软件调试：${installed} 安装，${from} 前免费`
        case "charged":
            return isEnglish
                ? `Set-up of software: installed on ${installed}, charged from ${from}`
                : `软件调试：${installed} 安装，自 ${from} 起收费`
        case "unknown":
            return isEnglish
                ? "Set-up of software: nobody knows when it was installed; charged"
                : "软件调试：安装日期不详，按标准收费"
    }
}
