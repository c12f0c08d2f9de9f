import { expect, test } from "vitest"
import { NoticeReader, wait } from "./live.ts"

test("a notice that comes in pieces is read once it is whole", () => {
    const reader = new NoticeReader()
    expect(reader.read("retry: 2000\n\nevent: jo")).toEqual([])
    expect(reader.read("b\ndata: 42\n")).toEqual([])
    expect(reader.read("\n: still here\n\nevent: lagged\ndata: \n\n")).toEqual([
        { event: "job", data: "42" },
        { event: "lagged", data: "" },
    ])
})

test("each try waits longer than the one before, and never longer than half a minute", () => {
    expect(wait(0, 1)).toBe(1_000)
    expect(wait(3, 1)).toBe(8_000)
    expect(wait(60, 1)).toBe(30_000)
    expect(wait(3, 0)).toBe(4_000)
})
