/**
 * The rules here are the server's: the cases are made from the server's own code (`tests/src/vectors.rs`), and each must come out the same. A job is
 * told edit by edit; an edit that breaks rules is laid into the record even so, as another phone's might have been.
 */
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { readBarcode } from "./barcode.ts"
import { backupWanted } from "./backup.ts"
import { acceptedQuote, dueMinor, validConsents } from "./bill.ts"
import { agree, rivals } from "./conflict.ts"
import { lastRating, lastingHolds, missingToDispatch } from "./course.ts"
import { standingDelay } from "./delay.ts"
import type { Edit } from "./edit.ts"
import { type Rule, check } from "./gate.ts"
import { strokesOf } from "./gate/entry.ts"
import { entryId } from "./id.ts"
import { lay, putsOf } from "./lay.ts"
import { type Currency, moneyText } from "./money.ts"
import { placeName, placeWords } from "./place.ts"
import { lineAmount } from "./price.ts"
import { type JobRecord, type MatterKind, type SetUp, complete } from "./record.ts"
import type { Schemas } from "./schemas.ts"
import { maskPhone, sheetHash, sheetOf } from "./sheet.ts"
import { changedAfter } from "./sheet/difference.ts"
import { sheetText } from "./sheet/text.ts"
import { statusOf } from "./status.ts"
import type { Template } from "./template.ts"
import { judgeSetUp, saidOfSetUp, type SetUpTerms } from "./setup.ts"
import { openReceipts, receiptOwed } from "./take_back.ts"
import { timestampOf } from "./time.ts"
import { type Point, pointOf, straightMetres, type Travel, type Way, wayOf } from "./travel.ts"

type Told = {
    templates: Template[]
    /** What the rules say; the edits name it by its number. */
    violations: { rule: Rule; step: string | null; zh: string; en: string }[]
    /** What a place is called, and what stands there, in words. */
    places: [zh: string, en: string, zh: string, en: string][]
    /** What records begin with, but for what they have otherwise. */
    bases: { [name: string]: Schemas["JobRecord"] }
    jobs: Job[]
}
type Job = { template: [string, number]; base?: string; record: Partial<JobRecord>; edits: Row[]; end?: End }
type Row = { edit: Edit; broken?: number[]; place?: number; laid: boolean; after: After }
/** The sheet in words, the hash of the same in English as New York's clocks have it, and what differs from the sheet in the beginning. */
type End = { text: string; english: string; changes: string[] }
type After = {
    status: string
    missing?: string[]
    holds?: string[]
    valid?: string[]
    accepted?: string
    due?: number
    /** The accepted offer whose work the customer has still to sign for. */
    backup?: string
    /** No receipt is signed for what lies in the workshop. */
    owed?: true
    /** Receipts whose product or loaner is out. */
    receipts?: string[]
    rating?: object
    /** The delay that stands, and what is known of the customer about it. */
    late?: [string, string]
    point?: object
    /** Pairs of which only one can count. */
    consents?: [string, string][]
    sign_offs?: [string, string][]
    charges?: [string, string][]
    sheet: string
}
type Figures = {
    amounts: [number, number, number | null][]
    money: [number, Currency, string][]
    times: [string, string][]
    phones: [string, string][]
    strokes: [string, number[] | null][]
    ids: [number[], string][]
    barcodes: [string, string | null][]
    setups: [SetUpTerms, string, string, SetUp, string, string][]
}

const repository = `${import.meta.dirname}/../../../..`
const read = <T>(path: string) => JSON.parse(readFileSync(path, "utf8")) as T
const files = ["visits", "corners"].map((name) => ({
    name,
    told: read<Told>(`${import.meta.dirname}/vectors/${name}.json`),
}))
const ways = read<[Point | null, Point | null, Travel, number | null, Way][]>(
    `${import.meta.dirname}/vectors/ways.json`,
)
const figures = read<Figures>(`${import.meta.dirname}/vectors/figures.json`)

function templateOf({ templates }: Told, [id, version]: [string, number]): Template {
    const own = templates.find((template) => template.id === id && template.version === version)
    return own ?? read<Template>(`${repository}/schema/data/${id}.v${version}.json`)
}

function apart(record: JobRecord, kind: MatterKind): [string, string][] {
    const entries = rivals(record, kind)
    const pairs = entries.flatMap((one) => entries.map((other): [string, string] => [one, other]))
    return pairs.filter(([one, other]) => one < other && !agree(record, kind, one, other))
}

/** What follows from a record, without what is empty, as the cases have it. */
function after(record: JobRecord, template: Template): After {
    const late = standingDelay(record)
    const all = {
        status: statusOf(record),
        missing: missingToDispatch(record),
        holds: lastingHolds(record).map(([id]) => id),
        valid: validConsents(record).map(([id]) => id),
        accepted: acceptedQuote(record)?.[0],
        due: dueMinor(record),
        backup: backupWanted(record)?.[0],
        owed: receiptOwed(record) || undefined,
        receipts: openReceipts(record).map(([id]) => id),
        rating: lastRating(record),
        late: late && [late.id, late.word],
        point: pointOf(record),
        consents: apart(record, "consent"),
        sign_offs: apart(record, "sign_off"),
        charges: apart(record, "charge"),
        withdrawals: apart(record, "withdrawal"),
        sheet: sheetHash(sheetOf(record, template)),
    }
    const filled = Object.entries(all).filter(
        ([, value]) => value != null && (!Array.isArray(value) || value.length > 0),
    )
    return Object.fromEntries(filled) as After
}

for (const { name, told } of files) {
    told.jobs.forEach((job, number) => {
        test(`job ${number} of ${name}, a ${job.template[0]}, is judged as the server judges it`, () =>
            judge(told, job))
    })
}

function judge(told: Told, job: Job): void {
    const template = templateOf(told, job.template)
    let record = complete({ ...told.bases[job.base ?? ""], ...job.record } as JobRecord)
    const shown = sheetOf(record, template)
    job.edits.forEach(({ edit, broken, place, laid, after: expected }, line) => {
        const where = `edit ${line}: ${JSON.stringify(edit)}`
        const found = check(record, template, edit).map(({ path: _, ...said }) => said)
        expect(found, where).toEqual((broken ?? []).map((number) => told.violations[number]))
        if (place !== undefined) expect(said(edit, template), where).toEqual(told.places[place])
        if (laid) record = lay(record, edit)
        expect(after(record, template), where).toEqual(expected)
    })
    if (!job.end) return
    const sheet = sheetOf(record, template)
    expect(sheetText(sheet, "zh-CN", "Asia/Shanghai")).toBe(job.end.text)
    const english = sheetText(sheet, "en", "America/New_York")
    expect(createHash("sha256").update(english).digest("hex"), english).toBe(job.end.english)
    expect(changedAfter(shown, sheet).map((change) => change.path)).toEqual(job.end.changes)
}

/** What the place of an edit is called, and what stands there. */
function said(edit: Edit, template: Template): string[] {
    return putsOf(edit).flatMap(({ path, value }) => {
        const [name, words] = [placeName(path, template), placeWords(path, value)]
        return [name.zh, name.en, words.zh, words.en]
    })
}

test("there are cases enough to prove something", () => {
    const edits = files.flatMap(({ told }) => told.jobs).flatMap((job) => job.edits)
    expect(edits.length).toBeGreaterThanOrEqual(800)
    expect(edits.filter((row) => row.broken).length).toBeGreaterThanOrEqual(250)
})

test("ways are as long as the server reckons them", () => {
    expect(ways.length).toBeGreaterThanOrEqual(80)
    for (const [from, to, travel, straight, way] of ways) {
        if (from && to) expect(straightMetres(from, to)).toBe(straight)
        expect(wayOf(travel, from, to)).toEqual(way)
    }
})

test("amounts are rounded as the server rounds them", () => {
    for (const [unit, quantity, amount] of figures.amounts) expect(lineAmount(unit, quantity) ?? null).toBe(amount)
})

test("money is written as the server writes it", () => {
    for (const [minor, currency, text] of figures.money) expect(moneyText(minor, currency)).toBe(text)
})

test("moments are written as the server writes them", () => {
    for (const [micros, text] of figures.times) expect(timestampOf(BigInt(micros))).toBe(text)
})

test("phone numbers are masked as the server masks them", () => {
    for (const [phone, masked] of figures.phones) expect(maskPhone(phone)).toBe(masked)
})

test("strokes are read as the server reads them", () => {
    for (const [text, points] of figures.strokes) {
        expect(strokesOf(text)?.map((stroke) => stroke.length) ?? null, text).toEqual(points)
    }
})

test("entries are named as the server names them", () => {
    for (const [random, id] of figures.ids) expect(entryId(Uint8Array.from(random))).toBe(id)
})

test("barcodes are read as the server reads them", () => {
    for (const [text, read] of figures.barcodes) expect(readBarcode(text) ?? null, text).toBe(read)
})

test("set-up of software is charged by the dates that the server goes by, and says why in its words", () => {
    expect(figures.setups.length).toBeGreaterThan(60)
    for (const [terms, installed, on, setup, zh, en] of figures.setups) {
        const judged = judgeSetUp(terms, installed, on)
        expect(judged, installed).toEqual(setup)
        expect([saidOfSetUp(judged, "zh-CN"), saidOfSetUp(judged, "en")]).toEqual([zh, en])
    }
})
