import { afterAll, beforeAll, expect, test } from "vitest"
import { Browser, DESKTOP } from "./browser.ts"
import { Server } from "./server.ts"

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
