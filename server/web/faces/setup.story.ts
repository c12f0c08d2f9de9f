/** Set-up of software is charged by the day of installation: one before the day of purchase is refused where it is typed, at the desk and on the phone. */
import { afterAll, beforeAll, expect, test } from "vitest"
import { browsers, DESKTOP, PHONE } from "./browser.ts"
import { dispatched, signIn, signInAt } from "./cast.ts"
import { Server } from "./server.ts"

let server: Server
let job: string
const browser = browsers()
beforeAll(async () => {
    server = await Server.start()
    const errand = await dispatched(server, "打印机连不上电脑")
    job = errand.job
    await errand.desk.patch(`/v1/jobs/${job}/report`, { fields: { purchased_on: "2026-03-02" } })
})
afterAll(() => server.end())

test("the phone says which day is wrong, and shows the customer nothing until it is put right", async () => {
    const phone = await signIn(server.url, await browser(PHONE))
    await phone.goto(`${server.url}/phone/jobs/${job}/quote`)
    await phone.getByRole("searchbox").fill("C006")
    await phone.locator(".found-item").first().click()
    const day = phone.getByLabel("安装日期")
    expect(await day.inputValue()).toBe("2026-03-02")
    await day.fill("2026-03-01")
    await phone.getByText("早于购买日期 2026-03-02，请核对").waitFor()
    const show = phone.getByRole("button", { name: "给客户看" })
    expect(await show.isDisabled()).toBe(true)
    await day.fill("2026-03-03")
    await show.click()
    await phone.getByText("2026-03-03 安装").first().waitFor()
})

test("the desk is told at the field", async () => {
    const page = await signInAt(server, await browser(DESKTOP), "dispatcher")
    await page.goto(`${server.url}/desk/jobs/${job}/money/quote`)
    await page.getByLabel("按名称或编码找项目").fill("C006")
    await page.getByRole("button", { name: "加入 打印机安装调试" }).click()
    await page.getByLabel("安装日期").fill("2026-03-01")
    await page.getByRole("button", { name: "保存报价" }).click()
    await page.locator(".field-error", { hasText: "安装日期 2026-03-01 早于购买日期 2026-03-02" }).waitFor()
})
