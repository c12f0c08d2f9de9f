/**
 * Money: whole minor units (fen, cents) of one currency, never a fraction. A sum beyond what a `number` holds exactly is refused: no price list
 * comes near it.
 */
import type { Schemas } from "./schemas.ts"

/** An ISO 4217 code of three capital letters. */
export type Currency = Schemas["Currency"]

const DIGITS: { [code: string]: number } = {
    ...Object.fromEntries(["JPY", "KRW", "VND", "CLP", "ISK"].map((code) => [code, 0])),
    ...Object.fromEntries(["BHD", "KWD", "OMR", "TND", "JOD"].map((code) => [code, 3])),
}

/** How many digits of a minor unit make one major unit: 2, but for the few that have none or three. */
export function digitsOf(currency: Currency): number {
    return DIGITS[currency] ?? 2
}

/** As in `CNY -123.05`: how sheets and sentences of the rules write it, in every language. */
export function moneyText(minor: number, currency: Currency): string {
    return `${currency} ${minor < 0 ? "-" : ""}${amountText(Math.abs(minor), currency)}`
}

/** The bare figure with its point, as in `123.05`. */
export function amountText(minor: number, currency: Currency): string {
    const digits = digitsOf(currency)
    const figures = Math.abs(minor)
        .toString()
        .padStart(digits + 1, "0")
    const sign = minor < 0 ? "-" : ""
    if (digits === 0) return `${sign}${figures}`
    return `${sign}${figures.slice(0, -digits)}.${figures.slice(-digits)}`
}

/** The sum; none where it is not exact. */
export function sum(amounts: number[]): number | undefined {
    const total = amounts.reduce((total, amount) => total + BigInt(amount), 0n)
    return Number.isSafeInteger(Number(total)) ? Number(total) : undefined
}
