/** What goes wrong in a technician's pocket: two pages at once, a clock that is off by a day, text that wants to be a script. */
import { afterAll, beforeAll, expect, test } from "vitest"
import { Browser, PHONE } from "./browser.ts"
import { assignTo, signIn } from "./cast.ts"
import { type Caller, Server } from "./server.ts"

let server: Server
let dispatcher: Caller
let technician: string
beforeAll(async () => {
    server = await Server.start()
    dispatcher = await server.as("dispatcher")
    technician = (await (await server.as("tech1")).get<{ id: string }>("/v1/me")).id
})
afterAll(() => server.end())

interface Detail {
    job: { status: string }
    record: { notes: { [step: string]: string }; marks: { [step: string]: { at: string } } }
    doubtful_times: unknown[]
}

test("a second page says that the first has the phone's data, and the first goes on", async () => {
    const job = await assignTo(dispatcher, technician)
    const browser = await Browser.open(PHONE)
    const first = await signIn(server.url, browser)
    const second = await browser.page(`${server.url}/phone/`)
    await second.getByText("另一个页面正在使用这台手机的数据").waitFor()
    await first.goto(`${server.url}/phone/jobs/${job}/steps/accept`)
    await first.getByRole("button", { name: "完成", exact: true }).click()
    await first.waitForURL(/steps\/analyse$/)
    await first.goto(`${server.url}/phone/sending`)
    await first.getByText("全部已上传").first().waitFor()
    await browser.close()
})

test("a network that comes back while the page opens is noticed", async () => {
    const job = await assignTo(dispatcher, technician)
    const browser = await Browser.open(PHONE)
    const page = await signIn(server.url, browser)
    await page.addInitScript(() => {
        let isThere = false
        Object.defineProperty(navigator, "onLine", { get: () => isThere })
        // The page's script has run by then, and waits for what the phone keeps.
        document.addEventListener("DOMContentLoaded", () => {
            isThere = true
            window.dispatchEvent(new Event("online"))
        })
    })
    await page.goto(`${server.url}/phone/jobs/${job}/steps/accept`)
    await page.getByRole("button", { name: "完成", exact: true }).click()
    await page.locator(".state-bar-sent").waitFor()
    await page.goto(`${server.url}/phone/sending`)
    await page.locator(".state-bar-sent").waitFor()
    await browser.close()
})

test("a phone that is a day ahead does not move the office's clocks", async () => {
    const job = await assignTo(dispatcher, technician)
    const browser = await Browser.open(PHONE)
    const page = await signIn(server.url, browser)
    const real = Date.now()
    await page.clock.setSystemTime(real + 24 * 3600 * 1000)
    await page.goto(`${server.url}/phone/jobs/${job}/steps/accept`)
    await page.getByRole("button", { name: "完成", exact: true }).click()
    await page.waitForURL(/steps\/analyse$/)
    await page.goto(`${server.url}/phone/sending`)
    await page.getByText("全部已上传").first().waitFor()
    const detail = await dispatcher.get<Detail>(`/v1/jobs/${job}`)
    // What the phone claims stays in the record; that it can't be is said beside it.
    expect(Date.parse(detail.record.marks.accept?.at ?? "")).toBeGreaterThan(real + 23 * 3600 * 1000)
    expect(detail.doubtful_times.length).toBeGreaterThan(0)
    await browser.close()
})

test("what a person types is text, on the phone as at the desk", async () => {
    const script = `<img src=x onerror="document.title='hurt'"><script>document.title='hurt'</script>`
    const job = await assignTo(dispatcher, technician, script)
    const browser = await Browser.open(PHONE)
    const page = await signIn(server.url, browser)
    await page.goto(`${server.url}/phone/jobs/${job}`)
    await page.getByText(script).first().waitFor()
    await page.goto(`${server.url}/phone/jobs/${job}/steps/accept`)
    await page.getByLabel("备注").fill(script)
    await page.getByRole("heading", { level: 1 }).click()
    await page.getByText("备注已保存").waitFor()
    await page.goto(`${server.url}/phone/sending`)
    await page.getByText("全部已上传").first().waitFor()
    expect(await page.title()).toBe("上门")
    expect((await dispatcher.get<Detail>(`/v1/jobs/${job}`)).record.notes.accept).toBe(script)
    expect(browser.complaints).toEqual([])
    await browser.close()
})

test("two who wrote one note at once are both read, and the technician's choice is on record", async () => {
    const job = await assignTo(dispatcher, technician)
    const browser = await Browser.open(PHONE)
    const page = await signIn(server.url, browser)
    await page.goto(`${server.url}/phone/jobs/${job}/steps/diagnose`)
    await browser.setOffline(true)
    await page.getByLabel("备注").fill("电极积碳")
    await page.getByRole("heading", { level: 1 }).click()
    await page.getByText("备注已保存").waitFor()
    const { heads } = await dispatcher.get<{ heads: string[] }>(`/v1/jobs/${job}`)
    await dispatcher.put(`/v1/jobs/${job}/steps/diagnose/note`, { text: "客户补充：上周刚换过电池", base_heads: heads })
    await browser.setOffline(false)
    await page.goto(`${server.url}/phone/jobs/${job}`)
    await page.getByRole("heading", { name: "两个人写了不同内容" }).waitFor({ timeout: 60_000 })
    await page.getByText("客户补充：上周刚换过电池").waitFor()
    await page.getByRole("button", { name: "用这个" }).last().click()
    await page.getByRole("heading", { name: "两个人写了不同内容" }).waitFor({ state: "detached" })
    await browser.close()
})
