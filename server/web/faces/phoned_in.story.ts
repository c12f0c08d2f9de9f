/** What the desk hears of a technician who is out: a call for help with the place where they stand, and a delay that they phone in. */
import { afterAll, beforeAll, expect, test } from "vitest"
import { violations } from "./axe.ts"
import { browsers, DESKTOP, PHONE } from "./browser.ts"
import { dispatched, signIn, signInAt } from "./cast.ts"
import { Server } from "./server.ts"

let server: Server
let job: string
const browser = browsers()
beforeAll(async () => {
    server = await Server.start()
    job = (await dispatched(server, "水龙头漏水")).job
})
afterAll(() => server.end())

test("a call for help says at the desk where the technician stands", async () => {
    const atHand = await browser(PHONE)
    await atHand.standAt(31.1912341, 121.4370009, 12)
    const phone = await signIn(server.url, atHand)
    // As if the question had been answered at an earlier door.
    await phone.evaluate(() => localStorage.setItem("tells place", "yes"))
    await phone.goto(`${server.url}/phone/jobs/${job}`)
    const button = phone.getByRole("button", { name: /求助/ })
    await button.focus()
    await phone.keyboard.down("Enter")
    await phone.getByText("求助已记录").waitFor()
    await phone.keyboard.up("Enter")
    await phone.locator(".state-bar-sent").waitFor()

    const page = await signInAt(server, await browser(DESKTOP), "dispatcher")
    await page.goto(`${server.url}/desk/jobs/${job}`)
    await page.getByText("位置 31.191234, 121.437001（误差约 12 米）").waitFor()
    expect(await violations(page, "a call for help")).toEqual([])
})

test("the desk writes down a delay that a technician phones in", async () => {
    const page = await signInAt(server, await browser(DESKTOP), "dispatcher")
    await page.goto(`${server.url}/desk/jobs/${job}`)
    await page.getByRole("button", { name: "登记晚到" }).click()
    const dialog = page.getByRole("dialog")
    await dialog.getByLabel("原因（可选，客户会看到）").fill("上一单未完")
    expect(await violations(page, "noting a delay")).toEqual([])
    await dialog.getByRole("button", { name: "登记晚到" }).click()
    await page.getByText("客户还不知道").waitFor()

    const phone = await signIn(server.url, await browser(PHONE))
    await phone.goto(`${server.url}/phone/jobs/${job}`)
    await phone.getByText("客户还不知道").waitFor()
})
