/** Who appears in the stories: a customer with a fault, and a technician with a phone. */
import type { Page } from "playwright-core"
import type { Browser } from "./browser.ts"
import { type Caller, PASSWORD, type Server } from "./server.ts"

/** A new job, in this technician's hands. */
export async function assignTo(
    dispatcher: Caller,
    technician: string,
    fault = "热水器不点火，显示 E1",
    window: { from: string; to: string } | null = null,
): Promise<string> {
    const report = await dispatcher.post<{ job: string }>("/v1/reports", {
        channel: "phone",
        class: "B",
        name: "周桂兰",
        phone: "13800138000",
        address: "上海市徐汇区漕溪路 255 弄 3 号 502 室",
        fault,
        urgency: "general",
        repeated_back: true,
    })
    const sent = { technician, instead_of: null, window, override: true, reason: "客户点名" }
    await dispatcher.post(`/v1/jobs/${report.job}/assign`, sent)
    return report.job
}

/** A dispatcher, and a job that `tech1` carries. */
export async function dispatched(server: Server, fault: string): Promise<{ desk: Caller; job: string }> {
    const desk = await server.as("dispatcher")
    const { id } = await (await server.as("tech1")).get<{ id: string }>("/v1/me")
    return { desk, job: await assignTo(desk, id, fault) }
}

/** Signs tech1 in on a phone whose server is at this address, and waits until it holds the day. */
export async function signIn(address: string, browser: Browser, customer: string | RegExp = /周桂兰/): Promise<Page> {
    const page = await browser.page(`${address}/phone/`)
    await page.getByLabel("账号").fill("tech1")
    await page.getByLabel("密码").fill(PASSWORD)
    await page.getByRole("button", { name: "登录" }).click()
    await page.getByRole("link", { name: customer }).first().waitFor()
    // The page is kept for the day only once its worker has it whole.
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    return page
}

/** Signs somebody in at the desk. */
export async function signInAt(server: Server, browser: Browser, login: string): Promise<Page> {
    const page = await browser.page(`${server.url}/desk/`)
    await page.getByLabel("账号").fill(login)
    await page.getByLabel("密码").fill(PASSWORD)
    await page.getByRole("button", { name: "登录" }).click()
    // The page that asks has a heading too.
    await page.locator("input[type=password]").waitFor({ state: "detached" })
    return page
}
