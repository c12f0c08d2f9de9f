/**
 * Screens that stand only for a moment, and that no walk through the faces comes by: a checklist before it is published, prices off the list, a
 * consent to lost data, a delay, what was not taken over, work in a file. On phone, tablet and desktop, in both languages, light and dark.
 * `PICTURES=folder` keeps the pictures.
 */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { violations } from "./axe.ts"
import { Browser, DESKTOP, type Looks, PHONE, TABLET } from "./browser.ts"
import { misfits } from "./misfits.ts"
import { type Moments, whatHappens } from "./moments.ts"
import { type Screens, signIn } from "./screens.ts"
import { Server } from "./server.ts"
import { hearRefusal, photograph } from "./visit.ts"

let server: Server
let at: Moments
/** What the first phone could not send, for the desk. */
let unsent: Buffer | undefined
beforeAll(async () => {
    server = await Server.start()
    at = await whatHappens(server)
})
afterAll(() => server.end())

type Manner = Required<Pick<Looks, "language" | "isDark">>
const MANNERS: Manner[] = (["zh-CN", "en"] as const)
    .flatMap((language) => [false, true].map((isDark) => ({ language, isDark })))
    // Who wants pictures wants all four; each language and each light is looked at once in any case.
    .filter(({ language, isDark }) => process.env.PICTURES || isDark === (language === "en"))
const nameOf = ({ language, isDark }: Manner) => `${language}-${isDark ? "dark" : "light"}`

/** Takes the screen at each width, and answers what is wrong with it. */
async function look(page: Page, name: string, manner: Manner, widths: Looks[], least: number): Promise<string[]> {
    const wrong: string[] = []
    for (const { width, height } of widths) {
        await page.setViewportSize({ width, height })
        const screen = [name, nameOf(manner), width].join("-")
        // The whole page at once, but for what a dialog lies over.
        const isOver = (await page.locator("dialog[open]").count()) > 0
        const whole = await page.evaluate(() => document.documentElement.scrollHeight)
        if (!isOver) await page.setViewportSize({ width, height: Math.max(height, whole) })
        if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, `${screen}.png`) })
        const unfit = await page.evaluate(misfits, [width, least] as [number, number])
        wrong.push(...unfit.map((why) => `${screen}: ${why}`), ...(await violations(page, screen)))
    }
    await page.setViewportSize(widths[0] ?? PHONE)
    return wrong
}

async function lookAt(page: Page, screens: Screens, manner: Manner, widths: Looks[], least = 24): Promise<string[]> {
    const wrong: string[] = []
    for (const [name, open] of screens) {
        await open(page)
        await page.locator("[aria-busy=true], .loading").first().waitFor({ state: "detached" })
        wrong.push(...(await look(page, name, manner, widths, least)))
    }
    return wrong
}

const job = (path: string) => async (page: Page) => page.goto(new URL(`/phone/jobs/${path}`, page.url()).href)

const phoneScreens = (): Screens => [
    [
        "phone-off-list",
        async (page) => {
            await job(`${at.priced}/quote`)(page)
            await page.locator("details[open] li .button").waitFor()
        },
    ],
    [
        "phone-backup",
        async (page) => {
            await job(`${at.copied}/steps/quote`)(page)
            await page.locator("[name=backup-copy]").last().check()
            await page.locator(".backup-text").waitFor()
        },
    ],
    ["phone-delay", (page) => job(at.late)(page).then(() => page.locator("section.card .notice").first().waitFor())],
    [
        "phone-since",
        async (page) => {
            await job(at.held)(page)
            await page.locator("h1").waitFor()
            await page.evaluate(hearRefusal, { job: at.held, at: new Date().toISOString() })
            await page.goto(new URL("/phone/sending", page.url()).href)
            await page.locator("article").waitFor()
        },
    ],
]

for (const manner of MANNERS) {
    test(`moments on the phone (${nameOf(manner)})`, async () => {
        const line = await server.line()
        const browser = await Browser.open({ ...PHONE, ...manner })
        const page = await browser.page(`${line.url}/phone/`)
        await signIn(page, "tech1")
        await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
        const widths = [PHONE, TABLET]
        const wrong = await lookAt(page, phoneScreens(), manner, widths, 44)
        line.cut()
        await job(`${at.held}/steps/diagnose`)(page)
        await page.locator("textarea").first().fill("外壳有裂纹 · the case is cracked")
        await photograph(page, "#345")
        await page.locator(".photos img").waitFor()
        await page.goto(`${line.url}/phone/sending`)
        await page.locator("section > p.figures").waitFor()
        wrong.push(...(await look(page, "phone-unsent", manner, widths, 44)))
        if (!unsent) {
            const saving = page.waitForEvent("download")
            await page.locator("section:has(> p.figures) > .button").click()
            unsent = await readFile(await (await saving).path())
        }
        expect(wrong).toEqual([])
        expect(browser.complaints).toEqual([])
        await line.end()
        await browser.close()
    })
}

const jsonFile = (name: string, buffer: Buffer) => ({ name, mimeType: "application/json", buffer })

async function chosen(page: Page, text: string): Promise<void> {
    await page.goto(new URL("/desk/outlets", page.url()).href)
    await page.locator("form.card input[type=file]").setInputFiles(jsonFile("home_repair.json", Buffer.from(text)))
}

const deskScreens = (): Screens => [
    [
        "desk-publish-wrong",
        (page) => chosen(page, at.wrong).then(() => page.locator(".import-errors td").first().waitFor()),
    ],
    ["desk-publish", (page) => chosen(page, at.next).then(() => page.locator("form.card dl dt").first().waitFor())],
    [
        "desk-delay",
        async (page) => {
            await page.goto(`${server.url}/desk/jobs/${at.late}`)
            await page.locator(".job-head button", { hasText: /晚到|delay|late/i }).click()
            await page.locator("dialog[open]").waitFor()
        },
    ],
    [
        "desk-late",
        (page) => page.goto(`${server.url}/desk/board?date=${at.day}`).then(() => page.locator("h1").waitFor()),
    ],
    [
        "desk-withdraw",
        async (page) => {
            await page.goto(`${server.url}/desk/jobs/${at.offered}/money`)
            await page
                .locator("main .button", { hasText: /撤回|withdraw/i })
                .first()
                .click()
            await page.locator("dialog[open]").waitFor()
        },
    ],
    [
        "desk-hand-in",
        async (page) => {
            await page.goto(`${server.url}/desk/inbox`)
            await page.locator("details.card > summary").click()
            await page
                .locator("details.card input[type=file]")
                .setInputFiles(jsonFile("tech1-unsent.json", unsent ?? Buffer.alloc(0)))
        },
    ],
    [
        "desk-handed-in",
        async (page) => {
            await page.locator("details.card button[type=submit]").click()
            await page.locator(".inbox-photo img").first().waitFor()
        },
    ],
]

for (const manner of MANNERS) {
    test(`moments at the desk (${nameOf(manner)})`, async () => {
        const browser = await Browser.open({ ...DESKTOP, ...manner })
        const page = await browser.page(`${server.url}/desk/`)
        await signIn(page, "manager")
        const widths = [DESKTOP, TABLET, { width: 390, height: 844 }]
        expect(await lookAt(page, deskScreens(), manner, widths)).toEqual([])
        expect(browser.complaints).toEqual([])
        await browser.close()
    })

    test(`moments of the customer (${nameOf(manner)})`, async () => {
        const browser = await Browser.open({ ...PHONE, ...manner })
        const page = await browser.page("about:blank")
        const shown = (link: string) => (page: Page) => page.goto(`${server.url}${link}?lang=${manner.language}`)
        const screens: Screens = [
            ["customer-delay", shown(at.links.late)],
            ["customer-backup", shown(at.links.copied)],
        ]
        expect(await lookAt(page, screens, manner, [PHONE, TABLET, DESKTOP], 44)).toEqual([])
        expect(browser.complaints).toEqual([])
        await browser.close()
    })
}
