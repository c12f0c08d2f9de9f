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

test("what the supervisor priced as work that can destroy data asks for the same", async () => {
    const { job } = await dispatched(server, "硬盘异响")
    const technician = await server.as("tech1")
    await technician.post(`/v1/jobs/${job}/price-requests`, { text: "更换固态硬盘" })
    const answers = await signInAt(server, await browser(DESKTOP), "engineer")
    await answers.goto(`${server.url}/desk/price-requests`)
    const asked = answers.getByRole("listitem").filter({ hasText: "更换固态硬盘" })
    await asked.getByRole("button", { name: "答复核价" }).click()
    const dialog = answers.getByRole("dialog")
    await dialog.getByLabel("单价").fill("680")
    await dialog.getByLabel("单位").fill("块")
    await dialog.getByLabel("可能造成数据丢失").check()
    await dialog.getByRole("button", { name: "答复核价" }).click()
    await asked.waitFor({ state: "detached" })
    await answers.goto(`${server.url}/desk/price-requests?view=answered`)
    await asked.getByText("会丢数据").waitFor()

    const phone = await signIn(server.url, await browser(PHONE))
    await phone.goto(`${server.url}/phone/jobs/${job}/quote`)
    await phone.getByRole("button", { name: "按此价格报价" }).click()
    await phone.getByText("此项操作可能造成数据丢失").waitFor()
    await phone.getByRole("button", { name: "给客户看" }).click()
    await phone.getByText("此项操作可能造成数据丢失").waitFor()
    await draw(phone)
    await phone.getByRole("button", { name: "客户同意" }).click()
    const form = phone.locator("form.card", { hasText: "数据备份确认" })
    await form.getByLabel("我已自行备份需要保留的数据。").check()
    await form.getByText("将进行的操作：更换固态硬盘（1 块）").waitFor()
})
