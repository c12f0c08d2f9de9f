/** What a page of the desk hears without being asked for anew: what waits for somebody, and a report that others change. */
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { browsers, DESKTOP } from "./browser.ts"
import { signInAt } from "./cast.ts"
import { type Caller, Server } from "./server.ts"

let server: Server
let agent: Caller
const open = browsers()
beforeAll(async () => {
    server = await Server.start()
    agent = await server.as("desk")
})
afterAll(() => server.end())

const asked = { class: "D", channel: "phone", name: "李强", phone: "13812345678", fault: "旧机能否折价？" }
const rail = (page: Page, name: string | RegExp) =>
    page.getByRole("navigation", { name: "页面" }).getByRole("link", { name })

/** How much there is to answer, by the lists. */
async function toAnswer(): Promise<number> {
    const lists = ["price-requests", "questions", "promises"].map((list) =>
        agent.get<{ items: { due_at: string; text: string }[] }>(`/v1/${list}?open=true&limit=200`),
    )
    const [prices, questions, promises] = await Promise.all(lists)
    const soon = Date.now() + 30 * 60_000
    const due = promises?.items.filter((promise) => Date.parse(promise.due_at) <= soon) ?? []
    return (prices?.items.length ?? 0) + (questions?.items.length ?? 0) + due.length
}

/** The rail says this of a room, sooner or later. */
const says = (page: Page, room: string, count: number) => rail(page, new RegExp(`^${room} ${count} 项待办`)).waitFor()

test("what waits is counted beside the ways, moves nothing, and is counted anew without being asked", async () => {
    const page = await signInAt(server, await open(DESKTOP), "supervisor")
    await page.goto(`${server.url}/desk/me`)
    const { id } = await agent.post<{ id: string }>("/v1/reports", asked)
    await agent.post(`/v1/reports/${id}/questions`, { text: "旧机能折多少钱？" })
    const before = await toAnswer()
    await says(page, "待答复", before)
    const stood = await rail(page, "价目").boundingBox()
    const promise = { report: id, text: "十分钟内回电", due_at: new Date(Date.now() + 600_000).toISOString() }
    const made = await agent.post<{ id: string }>("/v1/promises", promise)
    const later = { ...promise, due_at: new Date(Date.now() + 86_400_000).toISOString() }
    await agent.post("/v1/promises", later)
    await says(page, "待答复", before + 1)
    expect(await rail(page, "价目").boundingBox()).toEqual(stood)
    await agent.post(`/v1/promises/${made.id}/keep`)
    await says(page, "待答复", before)
})

/** How often somebody saw this report's number in full, as its own page makes it be logged. */
function countLooks(page: Page, report: string): { count: number } {
    const looks = { count: 0 }
    page.on("request", (request) => {
        if (request.method() === "GET" && request.url().endsWith(`/v1/reports/${report}`)) looks.count += 1
    })
    return looks
}

test("a report that others change shows it at once, keeps what is being typed, and is not looked at for the others' sake", async () => {
    const told = { class: "B", channel: "phone", phone: "13812345678", fault: "热水器不点火" }
    const report = await agent.post<{ id: string; number: string }>("/v1/reports", told)
    const page = await signInAt(server, await open(DESKTOP), "supervisor")
    const looks = countLooks(page, report.id)
    await page.goto(`${server.url}/desk/intake/${report.id}`)
    const form = page.locator("form").filter({ has: page.getByRole("heading", { name: "补充资料" }) })
    await form.getByLabel("地址").fill("上海市徐汇区漕溪路 2")
    await page.getByRole("button", { name: "记下承诺" }).click()
    await page.getByLabel("承诺什么").fill("半小时内")
    // What happens to others' reports is no reason to look at this one's number.
    await agent.post("/v1/reports", asked)
    await agent.patch(`/v1/reports/${report.id}`, { name: "周桂兰", address: "上海市徐汇区漕溪路 255 弄" })
    await page.locator("dl.facts").getByText("周桂兰").waitFor()
    await form.getByLabel("姓名").waitFor({ state: "detached" })
    expect(await form.getByLabel("地址").inputValue()).toBe("上海市徐汇区漕溪路 2")
    await form.getByText("此项刚由他人填写：上海市徐汇区漕溪路 255 弄").waitFor()
    expect(await page.getByLabel("承诺什么").inputValue()).toBe("半小时内")
    expect(looks.count).toBe(2)
    await form.getByLabel("地址").fill("上海市徐汇区漕溪路 255 弄 3 号")
    await form.getByRole("button", { name: "保存" }).click()
    await page.locator("dl.facts").getByText("255 弄 3 号").waitFor()
})
