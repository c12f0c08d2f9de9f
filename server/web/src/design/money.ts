/** Money as people read it: with its currency's own sign, as in ¥291.00, whichever language they read. */
import { type Currency, digitsOf } from "../core/money.ts"
import { language } from "../words.ts"

/** Whole minor units. */
export function money(minor: number, currency: Currency): string {
    const digits = digitsOf(currency)
    const format = new Intl.NumberFormat(language.value, {
        style: "currency",
        currency,
        currencyDisplay: "narrowSymbol",
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
    })
    return format.format(minor / 10 ** digits)
}
