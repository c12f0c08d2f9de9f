/**
 * Every screen of the three faces, in the order in which they are looked at, and how one gets there. What is looked for on the way is found by
 * its place, since the screens are looked at in both languages.
 */
import type { Page } from "playwright-core"
import { PASSWORD } from "./server.ts"

/** Ends where the screen is to be looked at. */
export type Screens = [name: string, open: (page: Page) => Promise<unknown>][]

/** What the demo company has to show. */
export interface Shown {
    /** A job that was signed for, with all that can be in one. */
    signed: string
    /** One that waits for somebody to be sent. */
    waiting: string
    /** One that the technician has just been given. */
    assigned: string
    report: string
    person: string
    /** As in `visit/3`. */
    template: string
    /** Addresses of customers' links: by what their job waits for. */
    links: { signed: string; waiting: string; tested: string }
}

const go = (path: string) => (page: Page) => page.goto(new URL(path, page.url()).href)

export const SIGN_IN: Screens = [["sign-in", (page) => page.locator("input[type=password]").waitFor()]]

/** Whoever is asked for it signs in. */
export async function signIn(page: Page, login: string): Promise<void> {
    await page.locator("input[name=login]").fill(login)
    await page.locator("input[type=password]").fill(PASSWORD)
    await page.locator("form button[type=submit]").click()
    await page.locator("input[type=password]").waitFor({ state: "detached" })
}

/** Somewhere in the job that is open. */
const below = (path: string) => (page: Page) =>
    page.goto(`${page.url().replace(/(\/phone\/jobs\/[^/]+).*/, "$1")}${path}`)

/** Two jobs are looked at: the first of the day, in which much has been done, and one in which nothing has. */
export function phoneScreens({ assigned }: Shown): Screens {
    const fresh = `/phone/jobs/${assigned}`
    return [
        ["today", (page) => page.locator(".job-card").first().waitFor()],
        ["job", (page) => page.locator(".job-card-link").first().click()],
        ["diagnose", below("/steps/diagnose")],
        ["testing", below("/steps/testing")],
        ["sheet", below("/sign")],
        ["fresh", go(fresh)],
        ["delay", pressed(fresh, "section.card > .button", "dialog")],
        ["hold", pressed(fresh, "section.stack:not(.card) > .button:not(.button-wide)", "dialog select")],
        ["accept", pressed(`${fresh}/steps/accept`, "main details:first-of-type > summary", "details[open]")],
        ["reason", pressed(`${fresh}/steps/lay_out`, ".endings .button", "dialog")],
        ["gate", pressed(`${fresh}/steps/repair`, ".bottom-bar .button-main", "[role=alert]")],
        ["parts", pressed(`${fresh}/steps/repair`, "main details:first-of-type > summary", "details[open]")],
        ["scan", pressed("", "details[open] .button-wide", "dialog .notice, dialog video:not([hidden])")],
        [
            "quote",
            async (page) => {
                await go(`${fresh}/quote`)(page)
                await page.locator("input[type=search]").fill("0")
                await page.locator(".found-item").first().click()
                await page.locator("label.field input[maxlength='60']").fill("清洗 · Cleaning")
            },
        ],
        // Of one offer with a name, and of two: the job is looked at twice.
        ["consent", pressed("", ".bottom-bar .button-main", "canvas")],
        ["withdraw", pressed("", "section.stack > .row-apart > .button", "dialog")],
        ["declined", pressed(`${fresh}/sign`, "form > .button-quiet", "form .button-bad")],
        ["sending", go("/phone/sending")],
        ["nowhere", go("/phone/jobs/00000000-0000-7000-8000-000000000000")],
    ]
}

/** Where one press opens something. */
function pressed(path: string, what: string, opens: string): Screens[number][1] {
    return async (page) => {
        if (path) await go(path)(page)
        await page.locator(what).first().click()
        await page.locator(opens).first().waitFor()
    }
}

export function deskScreens({ signed, waiting, report, person, template }: Shown): Screens {
    return [
        ["board", go("/desk/board")],
        ["map", go("/desk/board?map=1")],
        ["assign", go(`/desk/board?job=${waiting}`)],
        ["jobs", go("/desk/jobs")],
        ["job", (page) => page.locator("main a[href*='/desk/jobs/']").first().click()],
        ...["record", "history", "money", "photos", "differences", "sheet", "links"].map((tab): Screens[number] => [
            `job-${tab}`,
            go(`/desk/jobs/${signed}/${tab}`),
        ]),
        ["cancel", pressed(`/desk/jobs/${waiting}`, ".job-head .button-bad", "dialog")],
        ["wait", pressed(`/desk/jobs/${waiting}`, ".job-head .button:nth-of-type(2)", "dialog")],
        ["close", pressed(`/desk/jobs/${waiting}`, ".job-head .button:last-of-type", "dialog")],
        ["amend", pressed(`/desk/jobs/${waiting}`, ".card > .row-apart > .button", "dialog")],
        ["note", pressed(`/desk/jobs/${waiting}`, ".job-step .button-round", "dialog")],
        ["reopen", pressed(`/desk/jobs/${signed}`, ".job-head .button", "dialog")],
        ["charge", pressed(`/desk/jobs/${signed}/money`, ".job-sums + .row > .button", "dialog")],
        ["waive", pressed(`/desk/jobs/${signed}/money`, ".job-sums + .row > .button:nth-of-type(2)", "dialog")],
        ["pay", pressed(`/desk/jobs/${signed}/money`, ".job-sums + .row > .button:last-of-type", "dialog")],
        ["call", pressed("/desk/follow-ups", "tbody tr td:last-child .button", "dialog")],
        ["intake", go("/desk/intake")],
        ["report", go(`/desk/intake/${report}`)],
        ["inbox", go("/desk/inbox")],
        ["escalations", go("/desk/escalations")],
        ["follow-ups", go("/desk/follow-ups")],
        ["prices", go("/desk/prices")],
        ["people", go("/desk/people")],
        ["person", go(`/desk/people/${person}`)],
        ["outlets", go("/desk/outlets")],
        ["template", go(`/desk/outlets/templates/${template}`)],
        ["search", go("/desk/search?q=2026")],
        ["nowhere", go("/desk/nowhere")],
    ]
}

export function customerScreens({ links }: Shown): Screens {
    return [
        ["way", go(links.waiting)],
        [
            "signing",
            async (page) => {
                await go(links.tested)(page)
                for (const summary of await page.locator("summary").all()) await summary.click()
            },
        ],
        ["signed", go(links.signed)],
        ["invalid", go("/c/no-such-link")],
    ]
}
