import { readdirSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import "./desk/vocabulary.ts"
import { language, words } from "./words.ts"

/** What the phone's page is made of. */
const CARRIED = ["phone", "core", "design", "api"]

test("nothing that a phone carries says words that only the desk brings", () => {
    const used = CARRIED.flatMap((folder) =>
        readdirSync(`${import.meta.dirname}/${folder}`, { recursive: true, encoding: "utf8" })
            .filter((name) => /\.tsx?$/.test(name))
            .filter((name) => /\bdesk[A-Z]/.test(readFileSync(`${import.meta.dirname}/${folder}/${name}`, "utf8"))),
    )
    expect(used).toEqual([])
})

test("the desk's pages have both: what everybody says, and their own", () => {
    for (const spoken of ["zh-CN", "en"] as const) {
        language.value = spoken
        expect([typeof words.value.everywhere.product, typeof words.value.deskShell]).toEqual(["string", "object"])
    }
    language.value = "zh-CN"
})
