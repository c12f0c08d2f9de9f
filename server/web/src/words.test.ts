import { readdirSync, readFileSync } from "node:fs"
import { afterEach, expect, test, vi } from "vitest"
import { language, words } from "./words.ts"
import { zhDesk } from "./words/zh/desk.ts"

/** What the phone's page is made of. */
const CARRIED = ["phone", "core", "design", "api"]

/** Whatever the catalogue is, `terms.x` is a word of it; a quote's terms have other names. */
const DESK_TERMS = new RegExp(`\\bterms\\.(${Object.keys(zhDesk.terms).join("|")})\\b`)

test("nothing that a phone carries says words that only the desk brings", () => {
    const used = CARRIED.flatMap((folder) =>
        readdirSync(`${import.meta.dirname}/${folder}`, { recursive: true, encoding: "utf8" })
            .filter((name) => /\.tsx?$/.test(name))
            .filter((name) => {
                const text = readFileSync(`${import.meta.dirname}/${folder}/${name}`, "utf8")
                return /\bdesk[A-Z]/.test(text) || DESK_TERMS.test(text)
            }),
    )
    expect(used).toEqual([])
})

test("the desk's pages have both: what everybody says, and their own", () => {
    for (const spoken of ["zh-CN", "en"] as const) {
        language.value = spoken
        const { everywhere, deskShell, terms } = words.value
        expect([typeof everywhere.product, typeof deskShell]).toEqual(["string", "object"])
        // Both speak of terms, and neither's hide the other's.
        expect([typeof terms.status.closed, typeof terms.statusShort.closed]).toEqual(["string", "string"])
    }
    language.value = "zh-CN"
})

/** The catalogue as a page begins with it, whose files come as they are made to come here. */
async function page(comes: { [file: string]: boolean }) {
    vi.resetModules()
    for (const [file, isHere] of Object.entries(comes)) {
        const name = file === "zh" ? "zh" : "en"
        vi.doMock(`./words/${file}.ts`, () => {
            if (!isHere) throw new TypeError("Failed to fetch dynamically imported module")
            return { [name]: { everywhere: { product: name } } }
        })
    }
    vi.stubGlobal("localStorage", { getItem: () => null, setItem: (_: string, value: string) => kept.push(value) })
    return import("./words.ts")
}
const kept: string[] = []
afterEach(() => {
    vi.unstubAllGlobals()
    vi.doUnmock("./words/zh.ts")
    vi.doUnmock("./words/en.ts")
    kept.length = 0
})

test("a language is spoken once its words are here, and kept for the next page", async () => {
    const { language, learnFirst, speak, words } = await page({ zh: true, en: true })
    await learnFirst()
    const spoken = speak("en")
    expect([language.value, words.value.everywhere.product]).toEqual(["zh-CN", "zh"])
    await spoken
    expect([language.value, words.value.everywhere.product, kept]).toEqual(["en", "en", ["en"]])
})

test("a language whose words can't be had is not spoken", async () => {
    const { language, learnFirst, speak, words } = await page({ zh: true, en: false })
    await learnFirst()
    await expect(speak("en")).rejects.toThrow()
    expect([language.value, words.value.everywhere.product, kept]).toEqual(["zh-CN", "zh", []])
})

test("a page whose reader's language does not come speaks the other, and none where there is none", async () => {
    const one = await page({ zh: false, en: true })
    await one.learnFirst()
    // For now: the next page asks for the reader's own again.
    expect([one.language.value, one.words.value.everywhere.product, kept]).toEqual(["en", "en", []])
    const none = await page({ zh: false, en: false })
    await expect(none.learnFirst()).rejects.toThrow()
})
