/** Whole minor units, as people write money: in one way in both languages, which is the customer's page's and the paper's too. */
export function money(minor: number, currency: string): string {
    const currencyDisplay = currency === "CNY" ? "narrowSymbol" : "code"
    const format = new Intl.NumberFormat("en", { style: "currency", currency, currencyDisplay })
    const digits = format.resolvedOptions().maximumFractionDigits ?? 2
    return format.format(minor / 10 ** digits)
}

/** What was typed as an amount, in minor units; none where it is none. */
export function minorOf(text: string, currency: string): number | undefined {
    const digits =
        new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2
    const value = Number(text.replace(/[,，\s]/g, ""))
    if (text.trim() === "" || !Number.isFinite(value) || value < 0) return undefined
    return Math.round(value * 10 ** digits)
}
