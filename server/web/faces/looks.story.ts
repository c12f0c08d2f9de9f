/**
 * Every screen as people see it, held against the rules for accessibility in both colour schemes, and photographed: `PICTURES=folder` keeps
 * the pictures, which the README shows.
 */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Browser, DESKTOP, type Looks, PHONE, TABLET } from "./browser.ts"
import { PASSWORD, Server } from "./server.ts"

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

let server: Server
beforeAll(async () => {
    server = await Server.start()
})
afterAll(() => server.end())

interface Found {
    passes: unknown[]
    violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[]
}

/** What is wrong with the screen as it stands, in words. */
async function violations(page: Page, screen: string): Promise<string[]> {
    // By the protocol's own door, since no page lets a stranger's script in.
    const session = await page.context().newCDPSession(page)
    await session.send("Runtime.evaluate", { expression: AXE })
    const expression = `axe.run(document, { runOnly: ${JSON.stringify(RULES)} }).then((found) => JSON.stringify(found))`
    const { result } = await session.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true })
    await session.detach()
    const found = JSON.parse(String(result.value)) as Found
    // An empty page breaks no rule.
    expect(found.passes.length, screen).toBeGreaterThan(10)
    return found.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${screen}: ${id}: ${html.slice(0, 160)} ${failureSummary ?? ""}`),
    )
}

async function signIn(browser: Browser, face: string, login: string): Promise<Page> {
    const page = await browser.page(`${server.url}/${face}/`)
    const isEnglish = (await page.locator("html").getAttribute("lang")) === "en"
    await page.getByLabel(isEnglish ? "User name" : "账号").fill(login)
    await page.getByLabel(isEnglish ? "Password" : "密码").fill(PASSWORD)
    await page.getByRole("button", { name: isEnglish ? "Sign in" : "登录", exact: true }).click()
    await page.locator("input[type=password]").waitFor({ state: "detached" })
    return page
}

/** The screens of a face, in the order in which they are looked at: each ends where it is to be photographed. */
type Screens = [name: string, open: (page: Page) => Promise<unknown>][]

const below = (page: Page, path: string) => page.goto(`${page.url().replace(/(\/phone\/jobs\/[^/]+).*/, "$1")}${path}`)
const PHONE_SCREENS: Screens = [
    ["today", (page) => page.locator(".job-card").first().waitFor()],
    ["job", (page) => page.locator(".job-card-link").first().click()],
    ["diagnose", (page) => below(page, "/steps/diagnose")],
    ["testing", (page) => below(page, "/steps/testing")],
    ["quote", (page) => below(page, "/quote")],
    ["sheet", (page) => below(page, "/sign")],
    ["sending", (page) => page.goto(`${server.url}/phone/sending`)],
]

const at = (path: string) => (page: Page) => page.goto(`${server.url}/desk${path}`)
const DESK_SCREENS: Screens = [
    ["board", at("/board")],
    ["jobs", at("/jobs")],
    ["job", (page) => page.locator("main a[href*='/desk/jobs/']").first().click()],
    ["intake", at("/intake")],
    ["inbox", at("/inbox")],
    ["follow-ups", at("/follow-ups")],
    ["prices", at("/prices")],
    ["people", at("/people")],
]

async function look(face: string, login: string, looks: Looks, screens: Screens): Promise<string[]> {
    const wrong: string[] = []
    const browser = await Browser.open(looks)
    const page = await signIn(browser, face, login)
    for (const [name, open] of screens) {
        await open(page)
        await page.locator("main h1").first().waitFor()
        await page.locator("[aria-busy=true], .loading").first().waitFor({ state: "detached" })
        const screen = [face, name, looks.language ?? "zh-CN", looks.isDark ? "dark" : "light"].join("-")
        wrong.push(...(await violations(page, screen)))
        if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, `${screen}.png`) })
    }
    expect(browser.complaints).toEqual([])
    await browser.close()
    return wrong
}

const MANNERS: Pick<Looks, "language" | "isDark">[] = [{}, { isDark: true, language: "en" }]

for (const manner of MANNERS) {
    const said = `${manner.language ?? "zh-CN"}, ${manner.isDark ? "dark" : "light"}`
    test(`the technician's screens are for everybody (${said})`, async () => {
        expect(await look("phone", "tech1", { ...PHONE, ...manner }, PHONE_SCREENS)).toEqual([])
    })
}

for (const [manner, looks] of [
    [MANNERS[0], DESKTOP],
    [MANNERS[1], TABLET],
] as const) {
    test(`the desk's screens are for everybody (${looks.width} wide)`, async () => {
        expect(await look("desk", "manager", { ...looks, ...manner }, DESK_SCREENS)).toEqual([])
    })
}
