/**
 * One repair as three people live it at once, each in a browser of their own: the dispatcher at the board, the technician on a phone that
 * loses its line and its process, the customer on a link. Whoever is not cut off sees what the others do.
 */
import { createHash } from "node:crypto"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Browser, browsers, DESKTOP, PHONE } from "./browser.ts"
import { assignTo, signIn, signInAt } from "./cast.ts"
import { keptOn } from "./kept.ts"
import type { Line } from "./line.ts"
import { type Caller, Server } from "./server.ts"
import { agree, begin, diagnose, draw, leave, photograph, repair, sent, sign, tickUntil } from "./visit.ts"

const CUSTOMER = "周桂兰"
const HOLD = "客户来电：下午四点前要出门"

let server: Server
let line: Line
let api: Caller
const browser = browsers()
beforeAll(async () => {
    server = await Server.start()
    line = await server.line()
    api = await server.as("dispatcher")
})
afterAll(async () => {
    await line.end()
    await server.end()
})

/** The dispatcher takes the call; answers the job that it made. */
async function takeReport(desk: Page): Promise<string> {
    await desk.getByRole("link", { name: "报修登记" }).click()
    await desk.getByLabel("电话", { exact: true }).fill("13912345678")
    await desk.getByLabel("姓名", { exact: true }).fill(CUSTOMER)
    await desk.getByLabel("地址", { exact: true }).fill("上海市徐汇区漕溪路 255 弄 3 号 502 室")
    await desk.getByLabel("故障", { exact: true }).fill("热水器不点火，显示 E1")
    await desk.getByLabel("紧急程度").selectOption("general")
    await desk.getByLabel("已向客户复述确认").check()
    await desk.getByRole("button", { name: "登记并开工单" }).click()
    const way = await desk.getByRole("link", { name: "查看工单" }).getAttribute("href")
    return String(way).split("/").at(-1) ?? ""
}

/** By keyboard alone, from the tray: the day after tomorrow, when nobody else is visited. */
async function assign(desk: Page, technician: string): Promise<void> {
    await desk.getByRole("link", { name: "派工台" }).click()
    await desk.getByRole("button", { name: "后一天" }).press("Enter")
    await desk.getByRole("button", { name: "后一天" }).press("Enter")
    const date = await desk.getByLabel("日期").inputValue()
    await desk.locator(".board-card", { hasText: CUSTOMER }).press("Enter")
    await desk.getByLabel("从", { exact: true }).fill(`${date}T09:00`)
    await desk.getByRole("button", { name: `派给此人：${technician}` }).press("Enter")
    await block(desk).waitFor()
}

/** The visit's block, by so many pixels to the right. */
async function drag(desk: Page, pixels: number): Promise<void> {
    const box = await block(desk).boundingBox()
    if (!box) throw new Error("the visit is not on the board")
    await desk.mouse.move(box.x + 10, box.y + 10)
    await desk.mouse.down()
    await desk.mouse.move(box.x + 10 + pixels / 2, box.y + 10)
    await desk.mouse.move(box.x + 10 + pixels, box.y + 10)
    await desk.locator(".board-drop").waitFor()
    await desk.mouse.up()
}

async function hold(desk: Page, job: string): Promise<void> {
    await block(desk).click()
    await desk.getByRole("link", { name: "打开工单" }).click()
    await desk.waitForURL(new RegExp(job))
    await desk.getByRole("button", { name: "暂停等待" }).click()
    await desk.getByLabel("等什么").selectOption("customer")
    await desk.getByLabel("原因", { exact: true }).fill(HOLD)
    await desk.getByRole("dialog").getByRole("button", { name: "暂停等待" }).click()
    await desk.getByRole("dialog").waitFor({ state: "detached" })
    await desk.goBack()
    await block(desk).waitFor()
}

/** Makes the customer's link at the desk, and answers it. */
async function invite(desk: Page, job: string): Promise<string> {
    await desk.goto(`${server.url}/desk/jobs/${job}/links`)
    await desk.getByRole("button", { name: "生成链接" }).click()
    const address = await desk.locator(".job-address").innerText()
    await desk.goBack()
    return `${server.url}${new URL(address).pathname}`
}

interface Detail {
    heads: string[]
    job: { status: string; window: { from: string } }
    record: {
        marks: { [step: string]: { kind: string } }
        notes: { [step: string]: string }
        photos: { [sha256: string]: { step: string } }
        holds: { [id: string]: { reason: string } }
        consents: object
        sign_offs: object
        charges: object
    }
}

/** The visit as far as the network goes; the customer sees the way and the door. */
async function arrive(phone: Page, customer: Page): Promise<void> {
    await begin(phone)
    await tickUntil(phone, "en_route")
    await sent(phone)
    await customer.reload()
    await customer.locator("[aria-current=step]", { hasText: "在路上" }).waitFor()
    await tickUntil(phone, "introduce")
    await sent(phone)
    await customer.reload()
    await customer.locator("[aria-current=step]", { hasText: "已到达" }).waitFor()
}

const block = (desk: Page) => desk.locator(".board-block", { hasText: CUSTOMER })

/** The cellar: the line is cut, the page opened anew, the browser killed; the office moves the visit and puts it on hold meanwhile. */
async function inTheCellar(phone: Page, atHand: Browser, desk: Page, job: string): Promise<Page> {
    line.cut()
    await atHand.setOffline(true)
    await phone.reload()
    await diagnose(phone)
    await drag(desk, 200)
    await desk.getByText(/已派给/).waitFor()
    await atHand.killAndReopen()
    await atHand.setOffline(true)
    const reopened = await atHand.page(`${line.url}/phone/jobs/${job}/steps/diagnose`)
    expect(await reopened.getByLabel("备注").inputValue()).toBe("排烟管老化，已提醒客户")
    await agree(reopened, job)
    await hold(desk, job)
    await photograph(reopened, "#543")
    await reopened.locator(".photos img").waitFor()
    await repair(reopened)
    await sign(reopened, job)
    await leave(reopened, job)
    await reopened.getByText("24／24 步").waitFor()
    return reopened
}

/** What the server holds is what the phone holds, and all that was done is there. */
async function isWhole(phone: Page, job: string): Promise<void> {
    const { heads, record } = await api.get<Detail>(`/v1/jobs/${job}`)
    const kept = await keptOn(phone, job)
    expect({ ...kept, heads: kept.heads.toSorted() }).toEqual({ heads: heads.toSorted(), unsent: 0, photos: [] })
    expect(Object.values(record.marks).filter(({ kind }) => kind === "done")).toHaveLength(24)
    expect(record.notes.diagnose).toBe("排烟管老化，已提醒客户")
    expect(Object.values(record.holds).map(({ reason }) => reason)).toEqual([HOLD])
    for (const map of [record.consents, record.sign_offs, record.charges]) expect(Object.keys(map)).toHaveLength(1)
    expect(Object.keys(record.photos)).toHaveLength(2)
    for (const sha256 of Object.keys(record.photos)) {
        const bytes = await api.bytes(`/v1/jobs/${job}/photos/${sha256}`)
        expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256)
    }
    expect((await api.get<{ items: unknown[] }>(`/v1/quarantine?job=${job}`)).items).toEqual([])
}

/** The paper that the customer keeps. */
async function keepsTheSheet(customer: Page): Promise<void> {
    await customer.getByText("PDF 为您签字时的内容").waitFor()
    const paper = await customer.getByRole("link", { name: "下载服务单（PDF）" }).getAttribute("href")
    const answer = await customer.request.get(new URL(String(paper), customer.url()).href)
    expect((await answer.body()).subarray(0, 5).toString()).toBe("%PDF-")
}

test("dispatcher, technician and customer have one repair, whoever was cut off meanwhile", async () => {
    const me = await (await server.as("tech1")).get<{ name: string }>("/v1/me")
    const [atDesk, atHand, atHome] = [await browser(DESKTOP), await browser(PHONE), await browser(PHONE)]
    const desk = await signInAt(server, atDesk, "dispatcher")
    const phone = await signIn(line.url, atHand, /./)
    const job = await takeReport(desk)
    await assign(desk, me.name)
    const board = desk.url()
    // Others may have visits of the demonstration's; what is assigned comes while the day is open.
    await phone.locator(".day:has-text('明天') + .day").click()
    await phone.getByRole("link", { name: new RegExp(CUSTOMER) }).waitFor()
    const link = await invite(desk, job)
    await desk.goto(board)
    const opening = await desk.evaluate(() => performance.timeOrigin)
    const customer = await atHome.page(link)
    await customer.getByText("上门时间：").waitFor()
    await arrive(phone, customer)
    const { job: before } = await api.get<Detail>(`/v1/jobs/${job}`)

    const reopened = await inTheCellar(phone, atHand, desk, job)
    const { job: meanwhile, record } = await api.get<Detail>(`/v1/jobs/${job}`)
    expect(meanwhile.window.from > before.window.from).toBe(true)
    expect(record.consents).toEqual({})
    line.mend()
    await atHand.setOffline(false)
    await sent(reopened)

    await block(desk).locator(".board-block-state", { hasText: "已验收" }).waitFor()
    expect(await desk.evaluate(() => performance.timeOrigin)).toBe(opening)
    await isWhole(reopened, job)
    await customer.reload()
    await keepsTheSheet(customer)
    expect([atDesk.complaints, atHand.complaints, atHome.complaints]).toEqual([[], [], []])
})

test("a customer who signs without network has signed once it is back, and the technician sees it", async () => {
    const me = await (await server.as("tech1")).get<{ id: string }>("/v1/me")
    const job = await assignTo(api, me.id)
    const scope = ["view", "accept", "sign", "rate"]
    const { url } = await api.post<{ url: string }>(`/v1/jobs/${job}/links`, { scope })
    const [atHand, atHome] = [await browser(PHONE), await browser(PHONE)]
    const phone = await signIn(server.url, atHand, /./)
    await phone.goto(`${server.url}/phone/jobs/${job}/steps/accept`)
    await diagnose(phone)
    await agree(phone, job)
    await repair(phone)
    await sent(phone)
    const customer = await atHome.page(`${server.url}${new URL(url).pathname}`)
    await draw(customer)
    await atHome.setOffline(true)
    await customer.getByLabel("您的姓名").first().fill(CUSTOMER)
    await customer.getByRole("button", { name: "确认验收" }).click()
    await customer.getByText("您的签字尚未提交").waitFor()
    expect(Object.keys((await api.get<Detail>(`/v1/jobs/${job}`)).record.sign_offs)).toEqual([])
    await atHome.setOffline(false)
    await customer.getByText("您已签字验收，谢谢。").waitFor()
    await keepsTheSheet(customer)
    await phone.getByText(`${CUSTOMER} 已签字`).waitFor()
    expect(Object.keys((await api.get<Detail>(`/v1/jobs/${job}`)).record.sign_offs)).toHaveLength(1)
    expect([atHand.complaints, atHome.complaints]).toEqual([[], []])
})
