/**
 * What a camera writes into a photo beside the picture (EXIF 2.31): when, where and with what it was taken. A browser that makes a picture
 * smaller drops all of it, so it is read before and written back after; the server keeps it as evidence, and no copy for people holds it.
 */
import type { Place } from "../../core/record.ts"

export interface Shot {
    make?: string
    model?: string
    /** How the pixels lie, as EXIF counts it; nothing where they stand upright. */
    orientation?: number
    /** The camera's clock, as in 2026:11:23 09:30:00. */
    takenAt?: string
    place?: Place
}

const TAG = { make: 0x010f, model: 0x0110, orientation: 0x0112, exif: 0x8769, gps: 0x8825, takenAt: 0x9003 } as const
const GPS = { version: 0, northSouth: 1, latitude: 2, eastWest: 3, longitude: 4, error: 31 } as const
const TYPE = { byte: 1, ascii: 2, short: 3, long: 4, rational: 5 } as const
/** Bytes of one value of each type. */
const WIDTH: { [type: number]: number } = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8 }
/** Characters of a text that is believed. */
const TEXT_MAX = 400
const HEADER = "Exif\0\0"
/** Where the first directory of a block stands, after the byte order, the number 42 and its own address. */
const FIRST = 8
/** Millionths of a second of arc in a degree and in a minute. */
const DEGREE = 3_600_000_000
const MINUTE = 60_000_000

/** Whatever of it can be read; nothing where the file is none, or is harmed. */
export function readShot(jpeg: Uint8Array): Shot {
    const block = segmentsOf(jpeg).find(({ isExif }) => isExif)
    if (!block) return {}
    try {
        return shotOf(new Block(jpeg.subarray(block.from + 4 + HEADER.length, block.to)))
    } catch (error) {
        if (error instanceof RangeError) return {}
        throw error
    }
}

/** The same picture with this beside it, in place of what stood there. */
export function withShot(jpeg: Uint8Array<ArrayBuffer>, shot: Shot): Uint8Array<ArrayBuffer> {
    if (!isJpeg(jpeg)) return jpeg
    const kept = segmentsOf(jpeg).filter(({ isExif }) => isExif)
    const rest = kept.reduceRight<Uint8Array<ArrayBuffer>>(
        (bytes, { from, to }) => joined([bytes.slice(0, from), bytes.slice(to)]),
        jpeg,
    )
    const block = joined([ascii(HEADER), blockOf(shot)])
    const length = block.length + 2
    return joined([rest.slice(0, 2), Uint8Array.of(0xff, 0xe1, length >> 8, length & 0xff), block, rest.slice(2)])
}

function isJpeg(bytes: Uint8Array): boolean {
    return bytes[0] === 0xff && bytes[1] === 0xd8
}

/** The segments before the picture itself, each from its marker to its end. */
function segmentsOf(jpeg: Uint8Array): { from: number; to: number; isExif: boolean }[] {
    const found = []
    let from = 2
    while (isJpeg(jpeg) && jpeg[from] === 0xff && jpeg[from + 1] !== 0xda) {
        const length = ((jpeg[from + 2] ?? 0) << 8) | (jpeg[from + 3] ?? 0)
        const to = from + 2 + length
        if (length < 2 || to > jpeg.length) break
        const begins = String.fromCharCode(...jpeg.subarray(from + 4, from + 4 + HEADER.length))
        found.push({ from, to, isExif: jpeg[from + 1] === 0xe1 && begins === HEADER })
        from = to
    }
    return found
}

/** A block of EXIF. Reading beyond its end throws a `RangeError`. */
class Block {
    readonly #view: DataView
    readonly #isLittle: boolean

    constructor(bytes: Uint8Array) {
        this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
        this.#isLittle = this.#view.getUint16(0) === 0x4949
    }

    short(at: number): number {
        return this.#view.getUint16(at, this.#isLittle)
    }

    long(at: number): number {
        return this.#view.getUint32(at, this.#isLittle)
    }

    /** Where the value of each tag stands, with its type and count. */
    directory(at: number): Map<number, { at: number; type: number; count: number }> {
        const entries = Array.from({ length: this.short(at) }, (_, place) => at + 2 + place * 12)
        return new Map(
            entries.map((entry) => {
                const [type, count] = [this.short(entry + 2), this.long(entry + 4)]
                const isInline = (WIDTH[type] ?? 0) * count <= 4
                return [this.short(entry), { at: isInline ? entry + 8 : this.long(entry + 8), type, count }]
            }),
        )
    }

    text({ at, type, count }: { at: number; type: number; count: number }): string | undefined {
        if (type !== TYPE.ascii || count > TEXT_MAX) return undefined
        const codes = Array.from({ length: count }, (_, place) => this.#view.getUint8(at + place))
        return (
            String.fromCharCode(...codes)
                .split("\0")[0]
                ?.trim() || undefined
        )
    }

    ratio(at: number): number {
        return this.long(at) / this.long(at + 4)
    }
}

function shotOf(block: Block): Shot {
    const main = block.directory(block.long(4))
    const text = (entry: { at: number; type: number; count: number } | undefined) => entry && block.text(entry)
    const [orientation, exif, gps] = [main.get(TAG.orientation), main.get(TAG.exif), main.get(TAG.gps)]
    const shot = {
        make: text(main.get(TAG.make)),
        model: text(main.get(TAG.model)),
        orientation: orientation && block.short(orientation.at),
        takenAt: exif && text(block.directory(block.long(exif.at)).get(TAG.takenAt)),
        place: gps && placeOf(block, block.long(gps.at)),
    }
    return Object.fromEntries(Object.entries(shot).filter(([, value]) => value !== undefined)) as Shot
}

function placeOf(block: Block, at: number): Place | undefined {
    const directory = block.directory(at)
    const degrees = (tag: number, sideTag: number, negative: string, most: number) => {
        const [entry, side] = [directory.get(tag), directory.get(sideTag)]
        if (entry?.type !== TYPE.rational || entry.count !== 3 || !side) return undefined
        const parts = [3_600, 60, 1].map((seconds, place) => block.ratio(entry.at + place * 8) * seconds)
        const found = Math.round((parts.reduce((sum, part) => sum + part, 0) / 3_600) * 1_000_000)
        if (!(found <= most * 1_000_000)) return undefined
        return block.text(side)?.startsWith(negative) ? -found : found
    }
    const latitude_e6 = degrees(GPS.latitude, GPS.northSouth, "S", 90)
    const longitude_e6 = degrees(GPS.longitude, GPS.eastWest, "W", 180)
    if (latitude_e6 === undefined || longitude_e6 === undefined) return undefined
    const error = directory.get(GPS.error)
    const accuracy = error?.type === TYPE.rational ? Math.round(block.ratio(error.at)) : 0
    return { latitude_e6, longitude_e6, accuracy_m: Number.isFinite(accuracy) ? accuracy : 0 }
}

interface Field {
    tag: number
    type: number
    count: number
    bytes: Uint8Array<ArrayBuffer>
}

/** Big end first. The directories stand one after the other, each with what did not fit into it. */
function blockOf({ make, model, orientation, takenAt, place }: Shot): Uint8Array<ArrayBuffer> {
    const exif = takenAt === undefined ? [] : [textField(TAG.takenAt, takenAt)]
    const gps = place ? gpsFields(place) : []
    const main = (exifAt: number, gpsAt: number) => [
        ...(make === undefined ? [] : [textField(TAG.make, make)]),
        ...(model === undefined ? [] : [textField(TAG.model, model)]),
        ...(orientation === undefined ? [] : [field(TAG.orientation, TYPE.short, 1, shorts(orientation))]),
        ...(exif.length > 0 ? [field(TAG.exif, TYPE.long, 1, longs(exifAt))] : []),
        ...(gps.length > 0 ? [field(TAG.gps, TYPE.long, 1, longs(gpsAt))] : []),
    ]
    const exifAt = FIRST + directoryOf(main(0, 0), FIRST).length
    const gpsAt = exifAt + (exif.length > 0 ? directoryOf(exif, exifAt).length : 0)
    return joined([
        ascii("MM"),
        shorts(42),
        longs(FIRST),
        directoryOf(main(exifAt, gpsAt), FIRST),
        exif.length > 0 ? directoryOf(exif, exifAt) : new Uint8Array(),
        gps.length > 0 ? directoryOf(gps, gpsAt) : new Uint8Array(),
    ])
}

function gpsFields({ latitude_e6, longitude_e6, accuracy_m }: Place): Field[] {
    const angle = (e6: number) => {
        const arc = Math.abs(e6) * 3_600
        return longs(Math.floor(arc / DEGREE), 1, Math.floor((arc % DEGREE) / MINUTE), 1, arc % MINUTE, 1_000_000)
    }
    return [
        field(GPS.version, TYPE.byte, 4, Uint8Array.of(2, 3, 0, 0)),
        textField(GPS.northSouth, latitude_e6 < 0 ? "S" : "N"),
        field(GPS.latitude, TYPE.rational, 3, angle(latitude_e6)),
        textField(GPS.eastWest, longitude_e6 < 0 ? "W" : "E"),
        field(GPS.longitude, TYPE.rational, 3, angle(longitude_e6)),
        field(GPS.error, TYPE.rational, 1, longs(accuracy_m, 1)),
    ]
}

function field(tag: number, type: number, count: number, bytes: Uint8Array<ArrayBuffer>): Field {
    return { tag, type, count, bytes }
}

function textField(tag: number, text: string): Field {
    const bytes = ascii(`${text}\0`)
    return field(tag, TYPE.ascii, bytes.length, bytes)
}

/** The directory as it stands at this address of the block. */
function directoryOf(fields: Field[], at: number): Uint8Array<ArrayBuffer> {
    let free = at + 2 + fields.length * 12 + 4
    const overflow: Uint8Array<ArrayBuffer>[] = []
    const entries = fields.map(({ tag, type, count, bytes }) => {
        const head = joined([shorts(tag, type), longs(count)])
        if (bytes.length <= 4) return joined([head, padded(bytes, 4)])
        const even = padded(bytes, bytes.length + (bytes.length % 2))
        const entry = joined([head, longs(free)])
        overflow.push(even)
        free += even.length
        return entry
    })
    return joined([shorts(fields.length), ...entries, longs(0), ...overflow])
}

function padded(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
    return joined([bytes, new Uint8Array(length - bytes.length)])
}

function ascii(text: string): Uint8Array<ArrayBuffer> {
    return Uint8Array.from([...text].map((character) => (character <= "\x7f" ? character.charCodeAt(0) : 0x3f)))
}

function shorts(...numbers: number[]): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(numbers.flatMap((number) => [(number >> 8) & 0xff, number & 0xff]))
}

function longs(...numbers: number[]): Uint8Array<ArrayBuffer> {
    return joined(numbers.map((number) => shorts(number >>> 16, number & 0xffff)))
}

function joined(pieces: Uint8Array[]): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
    let at = 0
    for (const piece of pieces) {
        all.set(piece, at)
        at += piece.length
    }
    return all
}
