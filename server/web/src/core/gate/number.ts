/** Whole numbers as the record writes them. */

/** A whole number of 64 bits; none where the text is no such number. */
export function int64(text: string): bigint | undefined {
    if (!/^[+-]?\d+$/.test(text)) return undefined
    const number = BigInt(text.replace("+", ""))
    return BigInt.asIntN(64, number) === number ? number : undefined
}
