/** Offers that are taken back: by the technician on the phone, and by the office at the desk; the customer sees both. */
import { afterAll, beforeAll, expect, test } from "vitest"
import { violations } from "./axe.ts"
import { browsers, DESKTOP, PHONE } from "./browser.ts"
import { dispatched, signIn, signInAt } from "./cast.ts"
import { type Caller, Server } from "./server.ts"

let server: Server
let desk: Caller
let job: string
const browser = browsers()
beforeAll(async () => {
    server = await Server.start()
    ;({ desk, job } = await dispatched(server, "水龙头漏水"))
})
afterAll(() => server.end())

test("a technician takes their offer back, the office its own, and the customer's page says so", async () => {
    const phone = await signIn(server.url, await browser(PHONE))
    await phone.goto(`${server.url}/phone/jobs/${job}/quote`)
    await phone.getByRole("searchbox").fill("水龙头")
    await phone.locator(".found-item").first().click()
    await phone.getByRole("button", { name: "给客户看" }).click()
    await phone.getByRole("button", { name: "撤回报价" }).click()
    const dialog = phone.getByRole("dialog")
    await dialog.getByLabel("撤回原因（客户会看到）").fill("型号看错")
    expect(await violations(phone, "withdrawing an offer on the phone")).toEqual([])
    await dialog.getByRole("button", { name: "撤回报价" }).click()
    await phone.getByText("已撤回：型号看错").waitFor()
    await phone.getByRole("button", { name: "客户同意" }).waitFor({ state: "detached" })
    await phone.locator(".state-bar-sent").waitFor()

    const { version } = await desk.get<{ version: number }>("/v1/price-lists/current")
    const { items } = await desk.get<{ items: { code: string }[] }>(`/v1/price-lists/${version}/items?limit=1`)
    const lines = [{ code: items[0]?.code, quantity_milli: 1_000 }]
    await desk.post(`/v1/jobs/${job}/quotes`, { lines, option: "更换" })
    const page = await signInAt(server, await browser(DESKTOP), "dispatcher")
    await page.goto(`${server.url}/desk/jobs/${job}/money`)
    await page.getByText("已撤回：型号看错").waitFor()
    await page.getByRole("button", { name: "撤回报价" }).click()
    await page.getByRole("dialog").getByLabel("撤回原因（客户会看到）").fill("另有优惠")
    expect(await violations(page, "withdrawing an offer at the desk")).toEqual([])
    await page.getByRole("dialog").getByRole("button", { name: "撤回报价" }).click()
    await page.getByText("已撤回：另有优惠").waitFor()

    const { url } = await desk.post<{ url: string }>(`/v1/jobs/${job}/links`, { scope: ["view", "accept"] })
    const shown = await fetch(`${server.url}${new URL(url).pathname}`)
    expect((await shown.text()).split("已撤回").length).toBe(3)
})
