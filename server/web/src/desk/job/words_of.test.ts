import { expect, test } from "vitest"
import { valueText } from "./words_of.ts"

test("who is in charge is said by name, not by the entry's number", () => {
    const names = (id: string) => ({ "8f2k0000aaaa0001": "刘志强" })[id] ?? "?"
    expect(valueText(["assigned"], "8f2k0000aaaa0001", names)).toBe("刘志强")
})

test("a trade is said in words", () => {
    expect(valueText(["report", "skill"], "plumbing", String)).toBe("管道")
})
