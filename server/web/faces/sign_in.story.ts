import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Browser, DESKTOP, PHONE } from "./browser.ts"
import { signIn as signInOnPhone } from "./cast.ts"
import { PASSWORD, Server } from "./server.ts"

let server: Server
beforeAll(async () => {
    server = await Server.start()
})
afterAll(() => server.end())

test("who types a wrong password reads why, and nothing about who exists", async () => {
    const browser = await Browser.open(DESKTOP)
    const page = await browser.page(`${server.url}/`)
    expect(page.url()).toBe(`${server.url}/desk/`)
    const said: string[] = []
    for (const login of ["dispatcher", "nobody-of-that-name"]) {
        await page.getByLabel("账号").fill(login)
        await page.getByLabel("密码").fill("wrong-wrong-wrong")
        await page.getByRole("button", { name: "登录" }).click()
        said.push(await page.getByRole("alert").innerText())
        await page.reload()
    }
    expect(said[0]).not.toBe("")
    expect(said[0]).toBe(said[1])
    await browser.close()
})

async function signIn(page: Page): Promise<void> {
    await page.getByLabel("账号").fill("dispatcher")
    await page.getByLabel("密码").fill(PASSWORD)
    await page.getByRole("button", { name: "登录" }).click()
    await page.getByRole("navigation").waitFor()
}

/** What a script of the page can lay its hands on, of what this browser keeps. */
const kept = (page: Page) => page.evaluate(() => JSON.stringify({ ...localStorage, cookie: document.cookie }))

test("a log-in lasts over a reload and in other tabs, and no script reads what it lives on", async () => {
    const browser = await Browser.open(DESKTOP)
    const page = await browser.page(`${server.url}/desk/`)
    await signIn(page)
    const cookies = await page.context().cookies(`${server.url}/v1/sessions/refresh`)
    const { name, httpOnly, sameSite, path } = cookies[0] ?? {}
    expect([cookies.length, name, httpOnly, sameSite, path]).toEqual([
        1,
        "refresh",
        true,
        "Strict",
        "/v1/sessions/refresh",
    ])
    expect(await page.context().cookies(`${server.url}/v1/jobs`)).toEqual([])
    const readable = await kept(page)
    expect(readable).not.toContain(cookies[0]?.value)
    expect(readable).not.toMatch(/eyJ|token/)
    await page.reload()
    await page.getByRole("navigation").waitFor()
    const other = await browser.page(`${server.url}/desk/jobs`)
    await other.getByRole("navigation").waitFor()
    await other.getByRole("button", { name: "退出登录" }).click()
    await page.getByRole("button", { name: "登录" }).waitFor()
    await expect.poll(() => page.context().cookies(`${server.url}/v1/sessions/refresh`)).toEqual([])
    await page.reload()
    await page.getByRole("button", { name: "登录" }).waitFor()
    expect(browser.complaints).toEqual([])
    await browser.close()
})

test("who signs out without network is signed out on the server when it is back", async () => {
    const browser = await Browser.open(DESKTOP)
    const page = await browser.page(`${server.url}/desk/`)
    await signIn(page)
    await browser.setOffline(true)
    await page.getByRole("button", { name: "退出登录" }).click()
    await page.getByRole("button", { name: "登录" }).waitFor()
    await browser.setOffline(false)
    await expect.poll(() => page.context().cookies(`${server.url}/v1/sessions/refresh`)).toEqual([])
    await browser.close()
})

test("a page speaks the language that was chosen last", async () => {
    const browser = await Browser.open(DESKTOP)
    const page = await browser.page(`${server.url}/desk/`)
    await page.getByRole("button", { name: "English" }).click()
    await page.getByRole("button", { name: "Sign in" }).waitFor()
    await page.reload()
    await page.getByRole("button", { name: "Sign in" }).waitFor()
    expect(await page.locator("html").getAttribute("lang")).toBe("en")
    expect(browser.complaints).toEqual([])
    await browser.close()
})

/** The words of one language, as the pages fetch them. */
const WORDS = /\/assets\/(zh|en)-[\w-]+\.js$/

test("nothing is drawn before the words that its reader reads are here", async () => {
    const browser = await Browser.open({ ...DESKTOP, language: "en" })
    const page = await browser.page("about:blank")
    let letThrough = () => {}
    const held = new Promise<void>((go) => (letThrough = go))
    const asked: string[] = []
    await page.route(WORDS, async (route) => {
        asked.push(WORDS.exec(route.request().url())?.[1] ?? "")
        await held
        await route.continue()
    })
    await page.goto(`${server.url}/desk/`, { waitUntil: "commit" })
    await expect.poll(() => asked).toEqual(["en"])
    expect(await page.locator("#app").innerText()).toBe("")
    letThrough()
    await page.getByRole("button", { name: "Sign in" }).waitFor()
    expect(asked).toEqual(["en"])
    expect(browser.complaints).toEqual([])
    await browser.close()
})

test("a page whose words can't be had says so in both languages", async () => {
    const browser = await Browser.open(DESKTOP)
    const page = await browser.page("about:blank")
    await page.route(WORDS, (route) => route.abort())
    await page.goto(`${server.url}/desk/`)
    await page.getByText("页面没有加载完整").waitFor()
    await page.unroute(WORDS)
    await page.reload()
    await page.getByRole("button", { name: "登录" }).waitFor()
    await browser.setOffline(true)
    await page.getByRole("button", { name: "English" }).click()
    await page.getByText("未能下载").waitFor()
    await page.getByRole("button", { name: "登录" }).waitFor()
    await browser.close()
})

test("a phone without network speaks the other language when it is asked to", async () => {
    const browser = await Browser.open(PHONE)
    const phone = await signInOnPhone(server.url, browser, /./)
    await browser.setOffline(true)
    await phone.goto(`${server.url}/phone/sending`)
    await phone.getByRole("button", { name: "English" }).click()
    await phone.getByRole("button", { name: "Sign out" }).waitFor()
    await phone.goto(`${server.url}/phone/`)
    await phone.getByRole("heading", { name: "My jobs" }).waitFor()
    expect(await phone.locator("html").getAttribute("lang")).toBe("en")
    expect(browser.complaints).toEqual([])
    await browser.close()
})
