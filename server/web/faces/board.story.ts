/** The board as a dispatcher works on it: by mouse and by keyboard, with the ways between the visits, and on the map. */
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Browser, browsers, DESKTOP } from "./browser.ts"
import { signInAt } from "./cast.ts"
import { type Caller, Server } from "./server.ts"

/** Three homes: the second about 13 km by road from the first, the third nobody knows the place of. */
const HOMES = [
    { name: "秦淑芬", address: "上海市黄浦区人民大道 1 号", latitude_e6: 31_230_416, longitude_e6: 121_473_701 },
    { name: "汤美华", address: "上海市浦东新区杨高路 9 号", latitude_e6: 31_230_416, longitude_e6: 121_573_701 },
    { name: "邬丽萍", address: "上海市徐汇区漕宝路 70 号" },
] as const

let server: Server
const browser = browsers()
beforeAll(async () => {
    server = await Server.start()
    const agent = await server.as("desk")
    for (const home of HOMES) await report(agent, home)
})
afterAll(async () => {
    await server.end()
})

async function report(agent: Caller, home: (typeof HOMES)[number]): Promise<void> {
    const customer = await agent.post<{ id: string }>("/v1/customers", { ...home, phone: "13912345678" })
    const { name, address } = home
    const told = { class: "B", channel: "phone", fault: "水龙头漏水", urgency: "general", repeated_back: true }
    await agent.post("/v1/reports", { ...told, customer: customer.id, phone: "13912345678", name, address })
}

const block = (page: Page, name: string) => page.locator(".board-block", { hasText: name })
const card = (page: Page, name: string) => page.locator(".board-card", { hasText: name })

/** The day after tomorrow, when nobody is visited yet. */
async function openBoard(at: Browser): Promise<Page> {
    const page = await signInAt(server, at, "dispatcher")
    await page.getByRole("link", { name: "派工台" }).click()
    for (let days = 0; days < 2; days += 1) await page.getByRole("button", { name: "后一天" }).click()
    await page.locator(".board-lane").first().waitFor()
    return page
}

/** With the mouse, from the tray to the first technician at nine. */
async function drag(page: Page, name: string): Promise<void> {
    // The tray scrolls by itself.
    await card(page, name).scrollIntoViewIfNeeded()
    const from = await card(page, name).boundingBox()
    const lane = await page.locator(".board-lane").first().boundingBox()
    if (!from || !lane) throw new Error("nothing to drag, or nowhere to")
    const to = { x: lane.x + lane.width / 12 + 4, y: lane.y + 20 }
    await page.mouse.move(from.x + 20, from.y + 20)
    await page.mouse.down()
    await page.mouse.move(to.x + 40, to.y)
    await page.mouse.move(to.x, to.y)
    await page.locator(".board-drop").waitFor()
    await page.mouse.up()
}

test("visits are sent out by mouse and by keyboard, and a way that does not fit is warned of", async () => {
    const at = await browser(DESKTOP)
    const page = await openBoard(at)
    await drag(page, "秦淑芬")
    // The demo's people have skills; the server may ask why this one.
    const why = page.getByLabel("原因", { exact: true })
    await Promise.race([block(page, "秦淑芬").waitFor(), why.waitFor()])
    if (await why.isVisible()) {
        await why.fill("离得近")
        await page.getByRole("button", { name: /仍然派给此人/ }).press("Enter")
    }
    await block(page, "秦淑芬").waitFor()
    expect(await block(page, "秦淑芬").getAttribute("title")).toContain("09:00–11:00")
    const first = await page.locator(".board-row h3 .board-name-text").first().innerText()

    const date = await page.getByLabel("日期").inputValue()
    await card(page, "汤美华").press("Enter")
    await page.getByLabel("从", { exact: true }).fill(`${date}T11:15`)
    const candidate = page.locator(".board-candidate", { hasText: first })
    await candidate.getByText(/过来：约 13 公里/).waitFor()
    await candidate.getByText(/只空出 15 分钟/).waitFor()
    await page.getByRole("button", { name: `派给此人：${first}` }).press("Enter")
    await block(page, "汤美华").waitFor()
    await page.locator(".board-way-tight").waitFor()
    expect(await block(page, "汤美华").innerText()).toMatch(/从上一站：约 13 公里.*可能赶不上/)

    // By keyboard half an hour later: now the way fits.
    await block(page, "汤美华").press("Enter")
    await page.getByLabel("从", { exact: true }).fill(`${date}T12:00`)
    await page.getByRole("button", { name: `派给此人：${first}` }).press("Enter")
    await page.locator(".board-way-tight").waitFor({ state: "detached" })
    expect(at.complaints).toEqual([])
})

test("a job that is marked on the map is marked on the board, and the other way round", async () => {
    const at = await browser(DESKTOP)
    const page = await openBoard(at)
    await page.getByRole("button", { name: "地图" }).click()
    const stop = page.getByRole("button", { name: /^第 1 站/ })
    await stop.press("Enter")
    await page.locator(".board-picked", { hasText: "秦淑芬" }).waitFor()
    expect(await stop.getAttribute("aria-pressed")).toBe("true")
    const address = page.url()
    expect(address).toContain("map=1")

    await block(page, "汤美华").click()
    await page.getByRole("dialog").getByRole("button", { name: "关闭" }).click()
    const second = page.getByRole("button", { name: /^第 2 站/ })
    expect(await second.getAttribute("aria-pressed")).toBe("true")
    // The same in words, and what has no place by its name.
    await page
        .locator(".map-row-picked", { hasText: "汤美华" })
        .getByText(/从上一站/)
        .waitFor()
    await page.locator(".map-lost", { hasText: "邬丽萍" }).waitFor()

    await page.goto(address)
    await page.locator(".board-picked", { hasText: "秦淑芬" }).waitFor()
    await page
        .getByText(/公里$|米$/)
        .first()
        .waitFor()
    expect(at.complaints).toEqual([])
})

test("the map is in sight as soon as it is asked for, beside the board where there is room, and has an address", async () => {
    const at = await browser(DESKTOP)
    const page = await openBoard(at)
    const map = page.getByRole("region", { name: "当天路线图" })
    const isInSight = async () => {
        const box = await map.boundingBox()
        expect(box?.y).toBeGreaterThanOrEqual(0)
        expect(box?.y).toBeLessThan((page.viewportSize()?.height ?? 0) / 2)
    }
    await page.getByRole("button", { name: "地图", exact: true }).press("Enter")
    await map.waitFor()
    await page.waitForFunction(() => document.activeElement?.classList.contains("map-room"))
    await isInSight()
    await map.getByRole("button", { name: "关闭地图" }).press("Enter")
    await map.waitFor({ state: "detached" })
    await page.waitForFunction(() => document.activeElement?.textContent === "地图")

    // By its address; and another day's map takes nobody to it.
    await page.goto(`${server.url}/desk/board?map`)
    await page.waitForFunction(() => document.activeElement?.classList.contains("map-room"))
    await isInSight()
    await page.getByRole("button", { name: "后一天" }).press("Enter")
    await page.waitForURL(/date=/)
    await map.waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("后一天")

    await page.setViewportSize({ width: 1920, height: 1000 })
    const [grid, tray, beside] = await Promise.all(
        [page.locator(".board-grid"), page.locator(".board-tray"), map].map((part) => part.boundingBox()),
    )
    expect(beside?.y).toBe(grid?.y)
    expect(beside?.x).toBeGreaterThan((tray?.x ?? 0) + (tray?.width ?? 0))
    expect(at.complaints).toEqual([])
})

test("a place that is given on the map puts the job there", async () => {
    const at = await browser(DESKTOP)
    const page = await openBoard(at)
    await page.getByRole("button", { name: "地图" }).click()
    const lost = page.locator(".map-lost", { hasText: "邬丽萍" })
    await lost.getByText("补位置").click()
    await lost.getByLabel("纬度，经度").fill("漕宝路")
    await lost.getByRole("button", { name: "保存" }).click()
    await lost.getByText("请填写纬度和经度").waitFor()
    await lost.getByLabel("纬度，经度").fill("31.1700，121.4200")
    await lost.getByRole("button", { name: "保存" }).click()
    await lost.waitFor({ state: "detached" })
    await page.getByRole("button", { name: /待派工，邬丽萍/ }).waitFor()
})
