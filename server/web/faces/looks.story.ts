/**
 * Every screen as people see it, on phone, tablet and desktop, in both languages and both colour schemes: held against the rules for
 * accessibility, and nothing runs off the page. `PICTURES=folder` keeps the pictures, some of which the README shows.
 */
import { join } from "node:path"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { violations } from "./axe.ts"
import { Browser, DESKTOP, type Looks, PHONE, TABLET } from "./browser.ts"
import { customerScreens, deskScreens, phoneScreens, type Screens, type Shown, SIGN_IN, signIn } from "./screens.ts"
import { Server } from "./server.ts"
import { whatThereIs } from "./shown.ts"

let server: Server
let shown: Shown
beforeAll(async () => {
    server = await Server.start()
    shown = await whatThereIs(server)
})
afterAll(() => server.end())

interface Manner {
    language: "zh-CN" | "en"
    isDark: boolean
    /** The first is the one that the pictures are named by. */
    widths: Looks[]
}

/** Looks at one screen after the other, at each width; answers what is wrong with them, in words. */
async function look(page: Page, face: string, screens: Screens, manner: Manner): Promise<string[]> {
    const wrong: string[] = []
    const [first = DESKTOP] = manner.widths
    const named = [manner.language, manner.isDark ? "dark" : "light"].join("-")
    for (const [name, open] of screens) {
        await open(page)
        await page.locator("main").locator("h1, .empty").first().waitFor()
        await page.locator("[aria-busy=true], .loading").first().waitFor({ state: "detached" })
        for (const [place, { width, height }] of manner.widths.entries()) {
            await page.setViewportSize({ width, height })
            const screen = [face, name, named, ...(place > 0 ? [width] : [])].join("-")
            if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, `${screen}.png`) })
            // The whole page at once: what a bar at the edge covers now can be scrolled to.
            const whole = await page.evaluate(() => document.documentElement.scrollHeight)
            await page.setViewportSize({ width, height: Math.max(height, whole) })
            await page.evaluate(() => scrollTo(0, 0))
            wrong.push(...(await violations(page, screen)))
        }
        await page.setViewportSize(first)
    }
    return wrong
}

async function lookAround(face: string, manner: Manner, login: string, screens: Screens): Promise<void> {
    const [looks = DESKTOP] = manner.widths
    const browser = await Browser.open({ ...looks, language: manner.language, isDark: manner.isDark })
    const page = await browser.page(`${server.url}/${face}/`)
    const wrong = await look(page, face, SIGN_IN, manner)
    await signIn(page, login)
    wrong.push(...(await look(page, face, screens, manner)))
    expect(wrong).toEqual([])
    expect(browser.complaints).toEqual([])
    await browser.close()
}

const TALL: Looks = { width: 768, height: 1024 }
const MANNERS = [
    { language: "zh-CN", isDark: false, phone: [PHONE, TALL], desk: [DESKTOP, TALL], customer: [PHONE, DESKTOP] },
    { language: "en", isDark: true, phone: [PHONE, TABLET], desk: [TABLET, DESKTOP], customer: [PHONE, TALL] },
] as const

for (const { phone, desk, customer, ...manner } of MANNERS) {
    const said = `${manner.language}, ${manner.isDark ? "dark" : "light"}`
    test(`the technician's screens are for everybody (${said})`, async () => {
        await lookAround("phone", { ...manner, widths: [...phone] }, "tech1", phoneScreens(shown))
    })

    test(`the desk's screens are for everybody (${said})`, async () => {
        await lookAround("desk", { ...manner, widths: [...desk] }, "manager", deskScreens(shown))
    })

    test(`the customer's page is for everybody (${said})`, async () => {
        const browser = await Browser.open({ ...PHONE, ...manner })
        const page = await browser.page(`${server.url}${shown.links.waiting}`)
        const screens = customerScreens(shown)
        expect(await look(page, "customer", screens, { ...manner, widths: [...customer] })).toEqual([])
        expect(browser.complaints).toEqual([])
        await browser.close()
    })
}
