import { expect, test } from "vitest"
import { type Part, Pages, whole } from "./pages.ts"

/** A list of the server's from which so many rows are asked at a time, and what it was asked. */
function listOf(count: number) {
    const server = { rows: Array.from({ length: count }, (_, place) => place), asked: [] as Part[], isDown: false }
    const ask = async ({ limit, after }: Part) => {
        server.asked.push({ limit, ...(after !== undefined && { after }) })
        if (server.isDown) throw new Error("down")
        const rest = after === undefined ? server.rows : server.rows.filter((row) => row > Number(after))
        const items = rest.slice(0, limit)
        return { items, next: items.length < rest.length ? String(items.at(-1)) : null }
    }
    return { server, ask }
}
const upTo = (count: number) => Array.from({ length: count }, (_, place) => place)

test("more is loaded to what is here, until the server says that this is all", async () => {
    const { server, ask } = listOf(5)
    const pages = new Pages(ask, 2)
    expect(await pages.load()).toEqual({ items: [0, 1], next: "1" })
    pages.more()
    expect(await pages.load()).toEqual({ items: [0, 1, 2, 3], next: "3" })
    pages.more()
    expect(await pages.load()).toEqual({ items: [0, 1, 2, 3, 4], next: null })
    expect(server.asked).toEqual([{ limit: 2 }, { limit: 2, after: "1" }, { limit: 2, after: "3" }])
})

test("loaded anew it is as long as somebody has asked for, with what is there now", async () => {
    const { server, ask } = listOf(9)
    const pages = new Pages(ask, 2)
    await pages.load()
    pages.more()
    await pages.load()
    server.rows = [-1, ...server.rows]
    server.asked = []
    expect((await pages.load()).items).toEqual([-1, 0, 1, 2])
    expect(server.asked).toEqual([{ limit: 4 }])
    pages.more()
    expect((await pages.load()).items).toEqual([-1, 0, 1, 2, 3, 4])
})

test("what the server gives only in parts is loaded part by part", async () => {
    const { server, ask } = listOf(900)
    const pages = new Pages(ask, 450)
    expect((await pages.load()).items).toEqual(upTo(450))
    expect(server.asked).toEqual([{ limit: 200 }, { limit: 200, after: "199" }, { limit: 50, after: "399" }])
})

test("a list that has become shorter is what it is, and grows again", async () => {
    const { server, ask } = listOf(6)
    const pages = new Pages(ask, 2)
    await pages.load()
    pages.more()
    await pages.load()
    server.rows = [0]
    expect(await pages.load()).toEqual({ items: [0], next: null })
    // Whoever saw the button until just now has nothing more to ask for, and sees nothing twice.
    pages.more()
    expect(await pages.load()).toEqual({ items: [0], next: null })
    server.rows = upTo(6)
    expect((await pages.load()).items).toEqual(upTo(6))
})

test("where more could not be loaded the next try begins anew, for the row to go on from may be gone", async () => {
    const { server, ask } = listOf(5)
    const pages = new Pages(ask, 2)
    await pages.load()
    server.isDown = true
    pages.more()
    await expect(pages.load()).rejects.toThrow("down")
    server.isDown = false
    server.asked = []
    pages.more()
    expect((await pages.load()).items).toEqual([0, 1, 2, 3])
    expect(server.asked).toEqual([{ limit: 4 }])
})

test("a list to choose from is loaded whole", async () => {
    const { server, ask } = listOf(401)
    expect(await whole(ask)).toEqual(upTo(401))
    expect(server.asked.length).toBe(3)
})
