/** A camera that sees a barcode and nothing else: a film for Chromium to show in place of one. */
import { writeFile } from "node:fs/promises"

/** Seven bars and gaps for each digit; the other two alphabets are this one inverted, and that backwards. */
const DIGITS = [
    "0001101",
    "0011001",
    "0010011",
    "0111101",
    "0100011",
    "0110001",
    "0101111",
    "0111011",
    "0110111",
    "0001011",
]
/** Which of the left half's digits are of the second alphabet tells the first digit. */
const PARITY = ["AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"]
const [WIDTH, HEIGHT, BAR] = [640, 480, 4]

const inverted = (bars: string) => [...bars].map((bar) => (bar === "1" ? "0" : "1")).join("")
const backwards = (bars: string) => [...bars].reverse().join("")

/** The bars of an EAN-13, dark ones as 1. */
function barsOf(ean: string): string {
    const digits = [...ean].map((digit) => DIGITS[Number(digit)] ?? "")
    const parity = PARITY[Number(ean[0])] ?? ""
    const left = digits.slice(1, 7).map((bars, at) => (parity[at] === "A" ? bars : backwards(inverted(bars))))
    return `101${left.join("")}01010${digits.slice(7).map(inverted).join("")}101`
}

/** Writes the film to this file. */
export async function film(path: string, ean: string): Promise<void> {
    const bars = barsOf(ean)
    const from = Math.floor((WIDTH - bars.length * BAR) / 2)
    const row = Buffer.alloc(WIDTH, 235)
    ;[...bars].forEach((bar, at) => bar === "1" && row.fill(16, from + at * BAR, from + (at + 1) * BAR))
    const blank = Buffer.alloc(WIDTH, 235)
    const rows = Array.from({ length: HEIGHT }, (_, at) => (at > 120 && at < 360 ? row : blank))
    const grey = Buffer.alloc((WIDTH * HEIGHT) / 2, 128)
    const frame = Buffer.concat([Buffer.from("FRAME\n"), ...rows, grey])
    const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`)
    await writeFile(path, Buffer.concat([head, ...Array.from({ length: 10 }, () => frame)]))
}
