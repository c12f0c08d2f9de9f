/** What a technician types is theirs: kept through Back, a reload and a killed browser, and beside what the office wrote meanwhile. */
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { browsers, PHONE } from "./browser.ts"
import { assignTo, signIn } from "./cast.ts"
import { type Caller, Server } from "./server.ts"
import { agree, diagnose, draw, repair } from "./visit.ts"

let server: Server
let dispatcher: Caller
let technician: string
const open = browsers()
beforeAll(async () => {
    server = await Server.start()
    dispatcher = await server.as("dispatcher")
    technician = (await (await server.as("tech1")).get<{ id: string }>("/v1/me")).id
})
afterAll(() => server.end())

interface Job {
    heads: string[]
    record: { notes: { [step: string]: string }; diagnosis: { cause?: string } }
}

const jobAtDesk = (job: string) => dispatcher.get<Job>(`/v1/jobs/${job}`)
const at = (page: Page, job: string, place: string) => page.goto(`${server.url}/phone/jobs/${job}${place}`)

test("what was typed is there after Back, after a reload, and once the browser was killed", async () => {
    const job = await assignTo(dispatcher, technician)
    const browser = await open(PHONE)
    let page = await signIn(server.url, browser)
    await at(page, job, "")
    await page.getByRole("link", { name: "故障诊断" }).click()
    await page.getByLabel("备注").pressSequentially("排烟管老化")
    // The field still has the focus.
    await page.goBack()
    await page.goForward()
    await page.getByLabel("故障原因").pressSequentially("点火电极积碳")
    expect(await page.getByLabel("备注").inputValue()).toBe("排烟管老化")
    await page.reload()
    expect(await page.getByLabel("故障原因").inputValue()).toBe("点火电极积碳")

    await at(page, job, "/quote")
    await page.getByLabel("按名称或编号找项目").fill("D101")
    await page.locator(".found-item").first().click()
    await page.getByLabel("数量").fill("2")
    await page.reload()
    expect(await page.getByLabel("数量").inputValue()).toBe("2")

    await at(page, job, "/steps/testing")
    await page.getByLabel(/功能试机结果/).pressSequentially("点火正常")
    await page.reload()
    expect(await page.getByLabel(/功能试机结果/).inputValue()).toBe("点火正常")
    await browser.killAndReopen()
    page = await browser.page(`${server.url}/phone/jobs/${job}/steps/diagnose`)
    expect(await page.getByLabel("备注").inputValue()).toBe("排烟管老化")
    await expect
        .poll(async () => (await jobAtDesk(job)).record.diagnosis.cause, { timeout: 30_000 })
        .toBe("点火电极积碳")
    expect((await jobAtDesk(job)).record.notes["diagnose"]).toBe("排烟管老化")
    expect(browser.complaints).toEqual([])
})

test("the office's note that comes while one is typed stays beside it, to be chosen from", async () => {
    const job = await assignTo(dispatcher, technician)
    const browser = await open(PHONE)
    const page = await signIn(server.url, browser)
    await at(page, job, "/steps/diagnose")
    await page.getByLabel("备注").pressSequentially("排烟管老化")
    const { heads } = await jobAtDesk(job)
    await dispatcher.put(`/v1/jobs/${job}/steps/diagnose/note`, { text: "客户说上次也是这样", base_heads: heads })
    await page.getByLabel("备注").pressSequentially("，已提醒客户")
    await page.locator("h1").click()
    const both = page.getByRole("region", { name: "两个人写了不同内容" })
    await both.getByText("客户说上次也是这样").waitFor({ timeout: 30_000 })
    await both.getByText("排烟管老化，已提醒客户").waitFor()
    await page.goto(`${server.url}/phone/sending`)
    await page.getByText("全部已上传").first().waitFor({ timeout: 60_000 })
    const { items } = await dispatcher.get<{ items: unknown[] }>(`/v1/quarantine?job=${job}`)
    expect(items).toEqual([])
    expect(browser.complaints).toEqual([])
})

test("a signature that was being drawn when the office changed the sheet is drawn anew", async () => {
    const job = await assignTo(dispatcher, technician)
    const browser = await open(PHONE)
    const page = await signIn(server.url, browser)
    await at(page, job, "/steps/accept")
    await diagnose(page)
    await agree(page, job)
    await repair(page)
    await at(page, job, "/sign")
    await draw(page)
    const confirm = page.getByRole("button", { name: "签字确认" })
    expect(await confirm.isEnabled()).toBe(true)
    const { heads } = await jobAtDesk(job)
    const fields = { address: "上海市徐汇区漕溪路 255 弄 3 号 602 室" }
    await dispatcher.patch(`/v1/jobs/${job}/report`, { fields, base_heads: heads })
    await page.getByText("单据已变更，请重新查看后签字。").waitFor({ timeout: 30_000 })
    expect(await confirm.isEnabled()).toBe(false)
    await page.locator(".sheet").getByText("602 室").waitFor()
    await draw(page)
    await confirm.click()
    await page.getByText("已验收").first().waitFor()
    expect(browser.complaints).toEqual([])
})
