/** A technician who will be late: said without network, in the outlet's time, heard at the board and by the customer, who answers. */
import { afterAll, beforeAll, test } from "vitest"
import { browsers, DESKTOP, PHONE } from "./browser.ts"
import { assignTo, signIn, signInAt } from "./cast.ts"
import type { Line } from "./line.ts"
import { type Caller, Server } from "./server.ts"

let server: Server
let line: Line
let desk: Caller
const browser = browsers()
beforeAll(async () => {
    server = await Server.start()
    line = await server.line()
    desk = await server.as("dispatcher")
})
afterAll(async () => {
    await line.end()
    await server.end()
})

/** A visit of tech1's, from the next full hour on. */
async function visit(): Promise<{ job: string; from: number }> {
    const { id: technician } = await (await server.as("tech1")).get<{ id: string }>("/v1/me")
    const from = Math.ceil(Date.now() / 3_600_000 + 1) * 3_600_000
    const window = { from: new Date(from).toISOString(), to: new Date(from + 3_600_000).toISOString() }
    return { job: await assignTo(desk, technician, "水龙头漏水", window), from }
}

const hour = (at: number) =>
    new Intl.DateTimeFormat("zh-CN", {
        timeZone: "Asia/Shanghai",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
    }).format(at)

const dayOf = (at: number) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(at)

test("a delay that was said without network reaches board and customer, and the customer's answer comes back", async () => {
    const { job, from } = await visit()
    const expected = hour(from + 30 * 60_000)

    // The phone believes to be in Tokyo; its outlet's clocks count all the same.
    const atHand = await browser({ ...PHONE, timeZone: "Asia/Tokyo" })
    const phone = await signIn(line.url, atHand)
    line.cut()
    await phone.goto(`${line.url}/phone/jobs/${job}`)
    await phone.getByRole("button", { name: `晚 30 分钟 ${expected} 到` }).click()
    await phone.getByText("客户还不知道").waitFor()
    line.mend()
    await phone.goto(`${line.url}/phone/jobs/${job}`)
    await phone.locator(".state-bar-sent").waitFor()

    const page = await signInAt(server, await browser(DESKTOP), "dispatcher")
    await page.goto(`${server.url}/desk/board?date=${dayOf(from)}`)
    const late = page.getByRole("region", { name: "晚到" }).getByRole("button", { name: /周桂兰/ })
    await late.getByText("客户还不知道").waitFor()
    await late.getByText(`预计 ${expected} 到`).waitFor()

    const { url } = await desk.post<{ url: string }>(`/v1/jobs/${job}/links`, { scope: ["view"] })
    const customer = await (await browser(PHONE)).page(`${server.url}${new URL(url).pathname}?lang=zh-CN`)
    await customer.getByText("很抱歉，服务工程师会晚到").waitFor()
    await customer.locator(".late").getByText(expected).waitFor()
    await late.getByText("客户已打开页面看到").waitFor()
    await customer.getByText("等不了，要求换人上门").click()
    await customer.getByLabel(/您方便的时间/).fill("四点前要出门")
    await customer.getByRole("button", { name: "提交" }).first().click()
    await customer.getByText("您要求换人上门").waitFor()
    await late.getByText("客户要求换人上门").waitFor()
    await phone.getByText("客户要求换人上门").waitFor()
})
