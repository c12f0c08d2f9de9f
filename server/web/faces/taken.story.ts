/** What can't be repaired on site: taken away against a signed receipt, with a loaner left behind, and both home again. */
import { join } from "node:path"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { violations } from "./axe.ts"
import { browsers, DESKTOP, PHONE } from "./browser.ts"
import { dispatched, signIn, signInAt } from "./cast.ts"
import { Server } from "./server.ts"
import { draw, sent } from "./visit.ts"

let server: Server
let job: string
const browser = browsers()
beforeAll(async () => {
    server = await Server.start()
    job = (await dispatched(server, "电脑开不了机")).job
})
afterAll(() => server.end())

/** For whoever looks at the pages. */
async function keep(page: Page, name: string): Promise<void> {
    if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, `${name}.png`), fullPage: true })
}

/** What lies half under the bar at the top is as small a target as it looks; one scrolls. */
const toTop = (page: Page) => page.evaluate(() => scrollTo(0, 0))

test("a computer is taken away against a receipt, without network, and comes home to its customer", async () => {
    const context = await browser(PHONE)
    const phone = await signIn(server.url, context)
    await phone.goto(`${server.url}/phone/jobs/${job}`)
    await context.setOffline(true)

    // A technician at the door is never stopped: the hold comes first, and what is owed is said.
    await phone.getByRole("button", { name: "暂停，等待…" }).click()
    const dialog = phone.getByRole("dialog")
    await dialog.getByLabel("等什么").selectOption("workshop")
    await dialog.getByRole("link", { name: "拉修：请客户签凭证" }).waitFor()
    await dialog.getByLabel("原因").fill("现场查不清原因")
    await dialog.getByRole("button", { name: "保存" }).click()
    await phone.getByText("客户还没有签拉修凭证").waitFor()

    await phone.getByRole("link", { name: "拉修：请客户签凭证" }).click()
    await phone.getByLabel("产品", { exact: true }).fill("台式电脑")
    await phone.getByLabel("序列号").fill("PC0042")
    await phone.getByLabel("取走时状况").fill("外壳左侧有划痕，开机无显示")
    await phone.getByLabel("设备里有数据（电脑、手机等）").check()
    await phone.getByText("以上内容填完后，这里显示凭证全文").waitFor()
    await phone.getByLabel("电脑配置").fill("i5，8G 内存，256G 固态硬盘")
    await phone.getByLabel("没有备份。").check()
    await phone.getByLabel("未经我同意，不得清除设备上的数据。").check()
    await phone.getByLabel("提供周转机").check()
    await phone.getByLabel("周转机", { exact: true }).fill("笔记本电脑")
    await phone.getByLabel("周转机编号").fill("ZZ-07")
    await phone.getByText("取走物品：台式电脑").waitFor()
    await draw(phone)
    // Under other words the hand signs nothing.
    await phone.getByLabel("随机附件").fill("电源线")
    await phone.getByText("随机附件：电源线").waitFor()
    const sign = phone.getByRole("button", { name: "客户签字，取走物品" })
    expect(await sign.isDisabled()).toBe(true)
    await draw(phone)
    await toTop(phone)
    expect(await violations(phone, "the take-back receipt on the phone")).toEqual([])
    await keep(phone, "take-back-receipt")
    await sign.click()
    await phone.getByText("未归还").waitFor()
    expect(await phone.getByText("客户还没有签拉修凭证").count()).toBe(0)
    await phone.getByText("在客户处").waitFor()
    await keep(phone, "taken-away")
    await context.setOffline(false)
    await sent(phone)

    const desk = await signInAt(server, await browser(DESKTOP), "dispatcher")
    await desk.goto(`${server.url}/desk/jobs/${job}`)
    const card = desk.getByRole("region", { name: "拉修与周转机" })
    await card.getByText("查看所签凭证").click()
    await card.getByText("取走时状况：外壳左侧有划痕，开机无显示").waitFor()
    await keep(desk, "taken-away-desk")

    // Home at the door, without the loaner, which comes over the desk.
    await phone.getByRole("link", { name: "交还客户" }).click()
    await phone.getByLabel("只交还物品，周转机还没收回").check()
    await phone.getByLabel("交还时状况").fill("开机正常，外观如前")
    await phone.getByText("本次未收回周转机").waitFor()
    await draw(phone)
    await toTop(phone)
    expect(await violations(phone, "the hand-back on the phone")).toEqual([])
    await keep(phone, "hand-back")
    await phone.getByRole("button", { name: "签字确认" }).click()
    await phone.getByText("已归还").waitFor()
    await sent(phone)
    await desk.goto(`${server.url}/desk/jobs/${job}`)
    await card.getByRole("button", { name: "登记交还" }).click()
    const ask = desk.getByRole("dialog")
    await ask.getByLabel("交还时状况").fill("完好")
    await ask.getByLabel(/没有手机签字的原因/).fill("客户到店交回")
    expect(await violations(desk, "the hand-back over the desk")).toEqual([])
    await ask.getByRole("button", { name: "登记交还" }).click()
    await card.getByText("周转机 已收回").waitFor()
    expect(await card.getByRole("button", { name: "登记交还" }).count()).toBe(0)
    await keep(desk, "all-home-desk")
})
