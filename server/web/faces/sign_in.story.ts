import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Browser, DESKTOP } from "./browser.ts"
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
