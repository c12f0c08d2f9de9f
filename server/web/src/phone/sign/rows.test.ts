import { expect, test } from "vitest"
import type { Sheet } from "../../core/sheet.ts"
import { SHEET } from "../../core/sheet/shape.ts"
import { language } from "../../words.ts"
import { sectionsOf } from "./rows.ts"

const AT = "2026-11-22T02:10:00Z"
const name = { zh: "维修", en: "Repair" }
const line = {
    name: "清洗电极",
    unit: "次",
    kind: "labour",
    quantity_milli: 1_000,
    unit_minor: 8_000,
    amount_minor: 8_000,
    risk: "data",
    setup: { term: "charged", installed_on: "2026-01-02", charged_from: "2026-04-03" },
}

/** One with something in every field. */
const WHOLE = {
    version: 1,
    job: "j",
    number: "WX-20261122-0007",
    outlet: "o",
    rework_of: "r",
    reported_at: AT,
    report: { phone: { reported: "138****5678", corrected: "139****5678" } },
    technician: { person: "p", name: "李强" },
    window: { from: AT, to: "2026-11-22T04:10:00Z" },
    template: "home_repair",
    template_version: 1,
    steps: [
        {
            id: "repair",
            name,
            mark: { kind: "skipped", by: "p", at: AT, reason: "客户不在" },
            readings: {
                a: { name: "ohm", label: { zh: "绝缘", en: "Insulation" }, value: "12", unit: "MΩ", by: "p", at: AT },
            },
            photos: ["ab".repeat(32)],
        },
    ],
    cause: "积碳",
    measures: "清洁",
    parts: { a: { code: "D101", name: "电极", quantity_milli: 1_500, serial: "A1", old_part: "returned" } },
    currency: "CNY",
    quotes: {
        a: { option: "清洗", lines: { "01": line }, total_minor: 8_000, warranty: "none", price_list: 1, at: AT },
        b: {
            option: "更换",
            lines: { "01": line },
            total_minor: 9_000,
            warranty: "none",
            price_list: 1,
            at: AT,
            withdrawn: { reason: "缺货", at: AT },
        },
    },
    accepted: "a",
    consents: { a: { quote: "a", total_minor: 8_000, name: "王芳", how: "link", by: "p", at: AT, valid: true } },
    backup_consents: {
        a: { quote: "a", copy: "none", text: "数据可能丢失", name: "王芳", how: "link", by: "p", at: AT, valid: true },
    },
    take_backs: {
        a: {
            product: "台式电脑",
            loaner: { name: "笔记本", serial: "ZZ-07" },
            taken_on: "2026-11-22",
            return_on: "2026-11-27",
            text: "拉修凭证",
            name: "王芳",
            by: "p",
            at: AT,
            valid: true,
        },
    },
    hand_backs: {
        b: {
            receipt: "a",
            kind: "product",
            condition: "开机正常",
            name: "王芳",
            reason: "赶时间",
            by: "p",
            at: AT,
            valid: true,
        },
    },
    waivers: { a: { quote: "a", minor: 1_000, reason: "迟到致歉", at: AT } },
    due_minor: 7_000,
    charged_minor: 7_000,
    warranty_months: 3,
}

/** What the hash covers, and nobody reads: names by which machines know things, and who and when beside what is said. */
const UNREAD = [
    "version",
    "job",
    "outlet",
    "template",
    "template_version",
    "technician.person",
    "steps.id",
    "steps.mark.by",
    "steps.readings.name",
    "steps.readings.by",
    "steps.readings.at",
    "consents.by",
    "backup_consents.by",
    "take_backs.by",
    "hand_backs.by",
]
/** Said above the sections. */
const HEAD = ["number"]
const OTHER: { [was: string]: unknown } = {
    skipped: "done",
    returned: "none",
    labour: "part",
    none: "repair",
    charged: "free",
    data: null,
    link: "desk_call",
    product: "loaner",
    CNY: "EUR",
    a: "b",
    r: null,
}

type Within = unknown

/** Every value of the shape: where it stands, and the sheet with another one there. */
function* others(shape: object, thing: Record<string, unknown>, path: string[]): Generator<[string, unknown]> {
    for (const [field, within] of Object.entries(shape) as [string, Within][]) {
        const [here, value] = [[...path, field], thing[field]]
        const below = typeof within === "object" && within !== null ? Object.entries(within)[0] : undefined
        const rows =
            below && ["map", "optionalMap", "list"].includes(below[0]) ? Object.values(value as object) : [value]
        if (!below) yield [here.join("."), changed(thing, field)]
        else if (rows.every((row) => row === undefined)) continue
        else for (const row of rows) yield* others(below[1] as object, row as Record<string, unknown>, here)
    }
}

/** The rows as they are with another value there; the value is put back. */
function changed(thing: Record<string, unknown>, field: string): unknown {
    const was = thing[field]
    thing[field] = otherThan(was)
    const rows = sectionsOf(WHOLE as unknown as Sheet)
    if (was === undefined) delete thing[field]
    else thing[field] = was
    return rows
}

function otherThan(value: unknown): unknown {
    if (typeof value === "boolean") return !value
    if (typeof value === "number") return value + 5
    if (Array.isArray(value)) return [...(value as unknown[]), "cd".repeat(32)]
    if (typeof value !== "string") return value
    if (value in OTHER) return OTHER[value]
    return /^\d{4}-.*Z$/.test(value) ? "2026-11-22T03:33:00Z" : `${value}*`
}

test("whatever a signature covers can be read above it", () => {
    for (const spoken of ["zh-CN", "en"] as const) {
        language.value = spoken
        const before = JSON.stringify(sectionsOf(WHOLE as unknown as Sheet))
        const unseen = new Set<string>()
        const seen = new Set<string>()
        for (const [path, rows] of others(SHEET, WHOLE, [])) (JSON.stringify(rows) === before ? unseen : seen).add(path)
        // A text in the language that is not read is the other reader's.
        const readByOthers = (path: string) => path.endsWith(spoken === "en" ? ".zh" : ".en")
        const forgotten = [...unseen].filter((path) => !seen.has(path) && !readByOthers(path))
        expect(forgotten.sort()).toEqual([...UNREAD, ...HEAD].sort())
        expect(seen.size).toBeGreaterThan(40)
    }
    language.value = "zh-CN"
})

test("a corrected value stands with the one that was reported, and a quote not taken with its lines", () => {
    const told = JSON.stringify(sectionsOf(WHOLE as unknown as Sheet))
    for (const words of [
        "139****5678",
        "报修时为138****5678",
        "客户不在",
        "照片 1 张",
        "报价 2（已撤回）",
        "迟到致歉",
        "旧件带回",
    ])
        expect(told).toContain(words)
    expect(told).toContain("自完工之日起 3 个月")
})
