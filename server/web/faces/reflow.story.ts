/**
 * Every screen as narrow as 320 px, and with letters twice as large: nothing is wider than the screen, nothing that is said is cut, and what a
 * thumb is to hit is large enough (WCAG 2.2: 1.4.4, 1.4.10, 2.5.8, and 44 px on the phone's own pages).
 */
import { join } from "node:path"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Browser, DESKTOP, type Looks, PHONE } from "./browser.ts"
import { misfits } from "./misfits.ts"
import { customerScreens, deskScreens, phoneScreens, type Screens, type Shown, signIn } from "./screens.ts"
import { Server } from "./server.ts"
import { whatThereIs } from "./shown.ts"

const NARROW: Looks = { width: 320, height: 640, isPhone: true }
/** The least height of what a thumb is to hit: ours on a phone, the rule's elsewhere. */
const [THUMB, POINTER] = [44, 24]

let server: Server
let shown: Shown
beforeAll(async () => {
    server = await Server.start()
    shown = await whatThereIs(server)
})
afterAll(() => server.end())

/** Twice what browsers come with. */
const LARGE = 32
/** Runs in the page. */
const letters = () => getComputedStyle(document.documentElement).fontSize

async function look(page: Page, screens: Screens, named: string, least: number): Promise<string[]> {
    const wrong: string[] = []
    for (const [name, open] of screens) {
        await open(page)
        await page.locator("main").locator("h1, .empty").first().waitFor()
        await page.locator("[aria-busy=true], .loading").first().waitFor({ state: "detached" })
        if (process.env.PICTURES)
            await page.screenshot({ path: join(process.env.PICTURES, `${named}-${name}.png`), fullPage: true })
        wrong.push(
            ...(await page.evaluate(misfits, [page.viewportSize()?.width ?? 0, least] as [number, number])).map(
                (why) => `${name}: ${why}`,
            ),
        )
    }
    return wrong
}

for (const language of ["zh-CN", "en"] as const) {
    test(`the phone fits 320 px (${language})`, async () => {
        const browser = await Browser.open({ ...NARROW, language })
        const page = await browser.page(`${server.url}/phone/`)
        await signIn(page, "tech1")
        expect(await look(page, phoneScreens(shown), `narrow-phone-${language}`, THUMB)).toEqual([])
        await browser.close()
    })

    test(`the customer's page fits 320 px (${language})`, async () => {
        const browser = await Browser.open({ ...NARROW, language })
        const page = await browser.page(`${server.url}${shown.links.waiting}`)
        expect(await look(page, customerScreens(shown), `narrow-customer-${language}`, THUMB)).toEqual([])
        await browser.close()
    })

    test(`the desk fits 320 px (${language})`, async () => {
        const browser = await Browser.open({ ...NARROW, language })
        const page = await browser.page(`${server.url}/desk/`)
        await signIn(page, "manager")
        expect(await look(page, deskScreens(shown), `narrow-desk-${language}`, POINTER)).toEqual([])
        await browser.close()
    })
}

test("letters twice as large fit the phone", async () => {
    const browser = await Browser.open({ ...PHONE, letters: LARGE })
    const page = await browser.page(`${server.url}/phone/`)
    expect(await page.evaluate(letters)).toBe(`${LARGE}px`)
    await signIn(page, "tech1")
    expect(await look(page, phoneScreens(shown), "large-phone", THUMB)).toEqual([])
    await browser.close()
})

test("letters twice as large fit the desk", async () => {
    const browser = await Browser.open({ ...DESKTOP, letters: LARGE })
    const page = await browser.page(`${server.url}/desk/`)
    expect(await page.evaluate(letters)).toBe(`${LARGE}px`)
    await signIn(page, "manager")
    expect(await look(page, deskScreens(shown), "large-desk", POINTER)).toEqual([])
    await browser.close()
})
