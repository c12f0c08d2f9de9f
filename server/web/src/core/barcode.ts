/**
 * Barcodes on parts, as a camera, a hand scanner or a hand gives them: what is one, when two are the same, and which item of the price
 * list it names. The same as `schema::barcode`, held to it by its cases.
 */
import { holdsAt, type PriceItem, type PriceList } from "./price.ts"
import type { Timestamp } from "./time.ts"

const CHARS_MAX = 48

/** What a barcode is compared by; none where the text is no barcode. */
export function readBarcode(text: string): string | undefined {
    const trimmed = text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "")
    if (trimmed === "" || trimmed.length > CHARS_MAX || !/^[ -~]+$/.test(trimmed)) return undefined
    // What a spreadsheet makes of thirteen digits.
    if (/^[\d.]+[eE]\+[\d.]+$/.test(trimmed)) return undefined
    const isNumber = /^\d+$/.test(trimmed)
    if (isNumber && trimmed.length === 13 && !hasCheckDigit(trimmed)) return undefined
    // One and the same number is read as UPC-A of twelve digits, or as EAN-13 with a zero before it.
    if (isNumber && trimmed.length === 12 && hasCheckDigit(trimmed)) return `0${trimmed}`
    return trimmed.toUpperCase()
}

/** Counted from the right, every other digit weighs three; the sum of all is a multiple of ten. */
function hasCheckDigit(digits: string): boolean {
    const sum = [...digits].reverse().reduce((sum, digit, place) => sum + Number(digit) * (place % 2 === 0 ? 1 : 3), 0)
    return sum % 10 === 0
}

/** The part of the list that bears this barcode, or has this code. */
export function partOf(list: PriceList | undefined, scanned: string, at: Timestamp): PriceItem | undefined {
    const wanted = readBarcode(scanned)
    if (wanted === undefined) return undefined
    const offered = partsOf(list, at)
    const bears = (item: PriceItem) => item.barcode != null && readBarcode(item.barcode) === wanted
    return offered.find(bears) ?? offered.find((item) => item.code.toUpperCase() === wanted)
}

/** Parts whose code, barcode or name has this text in it. */
export function partsLike(list: PriceList | undefined, text: string, at: Timestamp): PriceItem[] {
    const wanted = text.trim().toLowerCase()
    if (wanted === "") return []
    return partsOf(list, at).filter((item) =>
        [item.code, item.barcode ?? "", item.name.zh, item.name.en].some((said) => said.toLowerCase().includes(wanted)),
    )
}

function partsOf(list: PriceList | undefined, at: Timestamp): PriceItem[] {
    return (list?.items ?? []).filter((item) => item.kind === "part" && holdsAt(item, at))
}
