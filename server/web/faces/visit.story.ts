/** What helps a technician on a visit: parts by their barcode, what was done before, photos that are sent, the days around, places, a choice. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Browser, DESKTOP, PHONE } from "./browser.ts"
import { film } from "./camera.ts"
import { assignTo, signIn, signInAt } from "./cast.ts"
import { type Caller, Server } from "./server.ts"
import { draw, drawn, photograph } from "./visit.ts"

/** Parts of the demo company's price list. */
const LAMP = { barcode: "2000100001370", name: "LED 吸顶灯芯 24W" }
const SOCKET = { barcode: "2000100002742", name: "五孔插座面板" }

let server: Server
let dispatcher: Caller
let technician: Caller
let me: string
beforeAll(async () => {
    server = await Server.start()
    dispatcher = await server.as("dispatcher")
    technician = await server.as("tech1")
    me = (await technician.get<{ id: string }>("/v1/me")).id
})
afterAll(() => server.end())

/** What the office sees of it. */
async function atDesk(act: (page: Page) => Promise<void>): Promise<void> {
    const browser = await Browser.open(DESKTOP)
    await act(await signInAt(server, browser, "supervisor"))
    expect(browser.complaints).toEqual([])
    await browser.close()
}

/** A job for tech1 at a home that somebody has found the place of. */
async function assignHome(place: { latitude_e6: number; longitude_e6: number }): Promise<string> {
    const home = { name: "周桂兰", phone: "13800138000", address: "上海市徐汇区漕溪路 255 弄 3 号 502 室" }
    const desk = await server.as("desk")
    const customer = await desk.post<{ id: string }>("/v1/customers", { ...home, ...place })
    const told = { class: "B", channel: "phone", fault: "热水器不点火", urgency: "general", repeated_back: true }
    const report = await desk.post<{ job: string }>("/v1/reports", { ...told, ...home, customer: customer.id })
    const sent = { technician: me, instead_of: null, override: true, reason: "客户点名" }
    await dispatcher.post(`/v1/jobs/${report.job}/assign`, sent)
    return report.job
}

async function allSent(page: Page): Promise<void> {
    await page.goto(`${server.url}/phone/sending`)
    await page.getByText("全部已上传").first().waitFor({ timeout: 60_000 })
}

interface Told {
    marks: { [step: string]: { place?: { latitude_e6: number; accuracy_m: number } | null } }
    parts: { [id: string]: { name: string } }
    quotes: { [id: string]: { of?: string; lines: object; total_minor: number } }
    consents: { [id: string]: { quote: string; shown: string[]; total_minor: number } }
}

async function recordOf(job: string): Promise<Told> {
    return (await dispatcher.get<{ record: Told }>(`/v1/jobs/${job}`)).record
}

test("a part is found by its barcode: typed, scanned by hand, and seen by the camera without network", async () => {
    const folder = await mkdtemp(join(tmpdir(), "faces-camera-"))
    await film(join(folder, "part.y4m"), LAMP.barcode)
    const job = await assignTo(dispatcher, me)
    const browser = await Browser.open({ ...PHONE, camera: join(folder, "part.y4m") })
    const page = await signIn(server.url, browser)
    const name = page.getByLabel("配件名称")
    await page.goto(`${server.url}/phone/jobs/${job}/steps/repair`)
    await page.getByText("登记配件").click()
    await page.getByLabel(/扫码，或输入/).fill(SOCKET.barcode)
    await page.keyboard.press("Enter")
    await drawn(page)
    expect(await name.inputValue()).toBe(SOCKET.name)
    await page.getByRole("button", { name: "登记", exact: true }).click()
    await page.getByText(`${SOCKET.name} × 1`).waitFor()

    // A hand scanner types into the page, whatever has the focus.
    await page.locator("h1").click()
    await page.keyboard.type(LAMP.barcode)
    await page.keyboard.press("Enter")
    await page.waitForFunction(
        (lamp) => document.querySelector<HTMLInputElement>("form input")?.value === lamp,
        LAMP.name,
    )
    await page.getByLabel(/扫码，或输入/).fill("4006381333931")
    await page.keyboard.press("Enter")
    await page.getByText("收费标准里没有条码 4006381333931").waitFor()

    // What reads pictures is kept with the page, though it is no part of its shell.
    await page.waitForFunction(async () => {
        const names = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))
        return names.flat().filter((request) => /barcode_reader|zxing_reader/.test(request.url)).length === 2
    })
    await browser.setOffline(true)
    await page.reload()
    await page.getByText("登记配件").click()
    await page.getByRole("button", { name: "扫码" }).click()
    await page.getByText(`已找到：${LAMP.name}`).waitFor({ timeout: 30_000 })
    expect(await name.inputValue()).toBe(LAMP.name)
    expect(browser.complaints).toEqual([])
    await browser.close()
    await rm(folder, { recursive: true, force: true })
})

test("what was done for the customer before is there without network", async () => {
    const earlier = await assignTo(dispatcher, me, "热水器打不着火，上次修过")
    await dispatcher.post(`/v1/jobs/${earlier}/solve-remotely`, { reason: "指导客户更换电池" })
    const job = await assignTo(dispatcher, me)
    const browser = await Browser.open(PHONE)
    const page = await signIn(server.url, browser)
    // It comes after the job itself.
    await page.goto(`${server.url}/phone/jobs/${job}`)
    await page.getByText(/以前的上门记录（\d+ 次）/).waitFor()
    await browser.setOffline(true)
    await page.reload()
    await page.getByText(/以前的上门记录（\d+ 次）/).click()
    await page.getByText("热水器打不着火，上次修过").waitFor()
    expect(browser.complaints).toEqual([])
    await browser.close()
})

test("a photo that was sent is shown again: from this phone, from the server, and in words", async () => {
    const job = await assignTo(dispatcher, me)
    const browser = await Browser.open(PHONE)
    const page = await signIn(server.url, browser)
    const diagnose = `${server.url}/phone/jobs/${job}/steps/diagnose`
    await page.goto(diagnose)
    await photograph(page, "#345")
    await page.locator(".photos img").waitFor()
    await allSent(page)
    await browser.setOffline(true)
    await page.goto(diagnose)
    await page.locator(".photos img").waitFor()
    await page.evaluate(() => caches.delete("sent-photos"))
    await page.reload()
    await page.getByText("已上传，办公室能看到；联网后可在这里看").waitFor()
    await browser.setOffline(false)
    // Its small copy is made in the background.
    await expect.poll(() => smallCopy(job), { timeout: 30_000 }).toBe(200)
    await page.reload()
    await page.locator(".photos img").waitFor()
    expect(browser.complaints).toEqual([])
    await browser.close()
})

async function smallCopy(job: string): Promise<number> {
    const [photo] = await dispatcher.get<{ sha256: string }[]>(`/v1/jobs/${job}/photos`)
    const headers = { Authorization: `Bearer ${dispatcher.token}` }
    return (await fetch(`${server.url}/v1/jobs/${job}/photos/${photo?.sha256}?size=small`, { headers })).status
}

test("the route goes from day to day without network, and what is open is never out of sight", async () => {
    const inDays = (days: number) => {
        const from = Date.now() + days * 86_400_000
        return { from: new Date(from).toISOString(), to: new Date(from + 3_600_000).toISOString() }
    }
    await assignTo(dispatcher, me, "后天的抽油烟机不转", inDays(2))
    await assignTo(dispatcher, me, "下月的保养", inDays(30))
    const browser = await Browser.open(PHONE)
    const page = await signIn(server.url, browser)
    await allSent(page)
    await browser.setOffline(true)
    await page.goto(`${server.url}/phone/`)
    await page.getByText("下月的保养").waitFor()
    expect(await page.getByText("后天的抽油烟机不转").count()).toBe(0)
    await page.locator(".day").nth(5).click()
    await page.getByText("后天的抽油烟机不转").waitFor()
    expect(await page.getByText("下月的保养").count()).toBe(0)
    await page.locator(".day", { hasText: "昨天" }).click()
    await page.locator(".day[aria-current]", { hasText: "昨天" }).waitFor()
    expect(browser.complaints).toEqual([])
    await browser.close()
})

test("the place is noted at the door for who said yes, and its photo says where it was taken", async () => {
    const job = await assignHome({ latitude_e6: 31_192_234, longitude_e6: 121_437_001 })
    const browser = await Browser.open(PHONE)
    const page = await signIn(server.url, browser)
    await browser.standAt(31.191234, 121.437001, 12)
    await page.goto(`${server.url}/phone/jobs/${job}/steps/knock`)
    await page.getByText("要记录地点吗？").waitFor()
    await page.getByRole("button", { name: "记录", exact: true }).click()
    await page.getByText("当前位置误差约 12 米").waitFor()
    await page.getByRole("button", { name: "完成", exact: true }).click()
    await page.goto(`${server.url}/phone/jobs/${job}/steps/diagnose`)
    await photograph(page, "#345")
    await page.locator(".photos img").waitFor()
    await allSent(page)
    const { marks } = await recordOf(job)
    expect(marks.knock?.place).toMatchObject({ latitude_e6: 31_191_234, accuracy_m: 12 })
    const [photo] = await dispatcher.get<{ evidence: { taken_at?: string; place?: object } }[]>(
        `/v1/jobs/${job}/photos`,
    )
    expect(photo?.evidence.place).toEqual({ latitude_e6: 31_191_234, longitude_e6: 121_437_001, accuracy_m: 12 })
    expect(photo?.evidence.taken_at).toMatch(/^\d{4}:\d\d:\d\d /)
    expect(browser.complaints).toEqual([])
    await browser.close()
    await atDesk(async (desk) => {
        await desk.goto(`${server.url}/desk/jobs/${job}`)
        const step = desk.locator(".job-step").filter({ hasText: "敲门" })
        await step.getByText("距客户位置 111 米 · 坐标 31.191234, 121.437001 · 误差约 12 米").waitFor()
    })
})

test("who says no to places works on as before", async () => {
    const job = await assignTo(dispatcher, me)
    const browser = await Browser.open(PHONE)
    const page = await signIn(server.url, browser)
    await browser.standAt(31.191234, 121.437001, 12)
    await page.goto(`${server.url}/phone/jobs/${job}/steps/knock`)
    await page.getByRole("button", { name: "不记录", exact: true }).click()
    await page.getByRole("button", { name: "完成", exact: true }).click()
    await page.waitForURL(/steps\/introduce$/)
    await page.goto(`${server.url}/phone/jobs/${job}/steps/farewell`)
    expect(await page.getByText("要记录地点吗？").count()).toBe(0)
    await allSent(page)
    expect((await recordOf(job)).marks.knock?.place ?? null).toBeNull()
    await browser.close()
})

test("the customer takes an offer line by line, and the record keeps what was shown and what was taken", async () => {
    const job = await assignTo(dispatcher, me)
    const browser = await Browser.open(PHONE)
    const page = await signIn(server.url, browser)
    await page.goto(`${server.url}/phone/jobs/${job}/quote`)
    for (const item of ["D101", "D102"]) {
        await page.getByLabel("按名称或编号找项目").fill(item)
        await page.locator(".found-item").first().click()
    }
    await page.getByRole("button", { name: "给客户看" }).click()
    await page.waitForURL(/steps\/quote$/)
    await page.getByRole("checkbox", { name: SOCKET.name }).uncheck()
    await draw(page)
    await page.getByRole("button", { name: "客户同意" }).click()
    await page.getByText("客户已认可").waitFor()
    await page.getByText("已出示、客户未选的项目").waitFor()
    await allSent(page)
    const { quotes, consents } = await recordOf(job)
    const [consent] = Object.values(consents)
    const picked = quotes[consent?.quote ?? ""]
    const shown = quotes[picked?.of ?? ""]
    expect(Object.keys(shown?.lines ?? {})).toHaveLength(2)
    expect([picked?.total_minor, consent?.total_minor]).toEqual([4_500, 4_500])
    expect(consent?.shown).toEqual([picked?.of])
    const { items } = await dispatcher.get<{ items: unknown[] }>(`/v1/quarantine?job=${job}`)
    expect(items).toEqual([])
    expect(browser.complaints).toEqual([])
    await browser.close()
    await atDesk(async (desk) => {
        await desk.goto(`${server.url}/desk/jobs/${job}/money`)
        const taken = desk.getByRole("article").filter({ hasText: "客户自选" })
        await taken.getByRole("row", { name: new RegExp(`${SOCKET.name}.*客户未选`) }).waitFor()
        expect(await taken.getByText("客户未选").count()).toBe(1)
        await taken.getByText("已认可").waitFor()
        await desk.getByText("客户从中选了部分项目").waitFor()
    })
})
