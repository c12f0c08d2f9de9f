/**
 * The rules here are the server's: the cases are made from the server's own code (`tests/src/vectors.rs`), and each must come out the same. A job is
 * told edit by edit; an edit that breaks rules is laid into the record even so, as another phone's might have been.
 */
import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { acceptedQuote, dueMinor, validConsents } from "./bill.ts"
import { lastRating, lastingHolds, missingToDispatch } from "./course.ts"
import type { Edit } from "./edit.ts"
import { type Rule, check } from "./gate.ts"
import { strokesOf } from "./gate/entry.ts"
import { entryId } from "./id.ts"
import { lay } from "./lay.ts"
import { type Currency, moneyText } from "./money.ts"
import { lineAmount } from "./price.ts"
import { type JobRecord, complete } from "./record.ts"
import type { Schemas } from "./schemas.ts"
import { maskPhone, sheetHash, sheetOf } from "./sheet.ts"
import { statusOf } from "./status.ts"
import type { Template } from "./template.ts"
import { timestampOf } from "./time.ts"

type Told = {
    templates: Template[]
    /** What the rules say; the edits name it by its number. */
    violations: { rule: Rule; step: string | null; zh: string; en: string }[]
    jobs: { template: [string, number]; record: Schemas["JobRecord"]; edits: Row[] }[]
}
type Row = { edit: Edit; broken?: number[]; laid: boolean; after: After }
type After = {
    status: string
    missing?: string[]
    holds?: string[]
    valid?: string[]
    accepted?: string
    due?: number
    rating?: object
    sheet: string
}
type Figures = {
    amounts: [number, number, number | null][]
    money: [number, Currency, string][]
    times: [string, string][]
    phones: [string, string][]
    strokes: [string, number[] | null][]
    ids: [number[], string][]
}

const repository = `${import.meta.dirname}/../../../..`
const read = <T>(path: string) => JSON.parse(readFileSync(path, "utf8")) as T
const told = read<Told>(`${import.meta.dirname}/vectors/visits.json`)
const figures = read<Figures>(`${import.meta.dirname}/vectors/figures.json`)

function templateOf([id, version]: [string, number]): Template {
    const own = told.templates.find((template) => template.id === id && template.version === version)
    return own ?? read<Template>(`${repository}/schema/data/${id}.v${version}.json`)
}

/** What follows from a record, without what is empty, as the cases have it. */
function after(record: JobRecord, template: Template): After {
    const all = {
        status: statusOf(record),
        missing: missingToDispatch(record),
        holds: lastingHolds(record).map(([id]) => id),
        valid: validConsents(record).map(([id]) => id),
        accepted: acceptedQuote(record)?.[0],
        due: dueMinor(record),
        rating: lastRating(record),
        sheet: sheetHash(sheetOf(record, template)),
    }
    const filled = Object.entries(all).filter(
        ([, value]) => value != null && (!Array.isArray(value) || value.length > 0),
    )
    return Object.fromEntries(filled) as After
}

told.jobs.forEach((job, number) => {
    test(`job ${number}, of the kind ${job.template[0]}, is judged as the server judges it`, () => {
        const template = templateOf(job.template)
        let record = complete(job.record)
        job.edits.forEach(({ edit, broken, laid, after: expected }, line) => {
            const where = `edit ${line}: ${JSON.stringify(edit)}`
            const found = check(record, template, edit).map(({ path: _, ...said }) => said)
            expect(found, where).toEqual((broken ?? []).map((number) => told.violations[number]))
            if (laid) record = lay(record, edit)
            expect(after(record, template), where).toEqual(expected)
        })
    })
})

test("there are cases enough to prove something", () => {
    const edits = told.jobs.flatMap((job) => job.edits)
    expect(edits.length).toBeGreaterThanOrEqual(800)
    expect(edits.filter((row) => row.broken).length).toBeGreaterThanOrEqual(150)
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
