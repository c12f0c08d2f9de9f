/** Money as people read it: in one way in both languages and on all faces, which is the customer's page's and the paper's too. */
import { type Currency, digitsOf } from "../core/money.ts"

/** Whole minor units, as in ¥291.00; of any other currency than ours with its code, since a bare $ or ¥ may be several countries'. */
export function money(minor: number, currency: Currency): string {
    const digits = digitsOf(currency)
    const format = new Intl.NumberFormat("en", {
        style: "currency",
        currency,
        currencyDisplay: currency === "CNY" ? "narrowSymbol" : "code",
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
    })
    return format.format(minor / 10 ** digits)
}

/** What was typed as an amount, in minor units; none where it is none. */
export function minorOf(text: string, currency: Currency): number | undefined {
    const value = Number(text.replace(/[,，\s]/g, ""))
    if (text.trim() === "" || !Number.isFinite(value) || value < 0) return undefined
    return Math.round(value * 10 ** digitsOf(currency))
}
