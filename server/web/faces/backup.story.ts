/** Work that can destroy data: the repair waits until the customer has read what may be lost, said whether there is a copy, and signed. */
import { afterAll, beforeAll, expect, test } from "vitest"
import { violations } from "./axe.ts"
import { browsers, DESKTOP, PHONE } from "./browser.ts"
import { dispatched, signIn, signInAt } from "./cast.ts"
import { Server } from "./server.ts"
import { done, draw } from "./visit.ts"

let server: Server
let job: string
const browser = browsers()
beforeAll(async () => {
    server = await Server.start()
    job = (await dispatched(server, "电脑开不了机")).job
})
afterAll(() => server.end())

test("no disk is touched before the customer has signed the backup consent, without network too", async () => {
    const context = await browser(PHONE)
    const phone = await signIn(server.url, context)
    await phone.goto(`${server.url}/phone/jobs/${job}/quote`)
    await context.setOffline(true)
    await phone.getByRole("searchbox").fill("C002")
    await phone.locator(".found-item").first().click()
    await phone.getByText("此项操作可能造成数据丢失").waitFor()
    await phone.getByRole("button", { name: "给客户看" }).click()
    await draw(phone)
    await phone.getByRole("button", { name: "客户同意" }).click()
    await phone.getByText("客户已认可").waitFor()

    await phone.goto(`${server.url}/phone/jobs/${job}/steps/repair`)
    await done(phone)
    await phone.getByText("请先让客户签署数据备份确认").waitFor()
    await phone.getByRole("link", { name: "去“报价”" }).click()
    const form = phone.locator("form.card", { hasText: "数据备份确认" })
    await form.getByLabel("没有备份。我不需要保留设备上的数据，或自愿承担数据丢失的后果。").check()
    await form.getByText("可能的后果：设备上保存的全部数据都可能丢失").waitFor()
    expect(await violations(phone, "the backup consent on the phone")).toEqual([])
    await draw(phone, form)
    await form.getByRole("button", { name: "客户签字确认" }).click()
    await phone.getByText(/已签署数据备份确认/).waitFor()
    await phone.goto(`${server.url}/phone/jobs/${job}/steps/repair`)
    await done(phone)
    await phone.waitForURL((url) => !url.pathname.endsWith("/steps/repair"))
    await context.setOffline(false)
    await phone.locator(".state-bar-sent").waitFor()

    const page = await signInAt(server, await browser(DESKTOP), "dispatcher")
    await page.goto(`${server.url}/desk/jobs/${job}/money`)
    await page.getByText(/已签署数据备份确认/).waitFor()
})
