/**
 * A phone whose disk is full. What can't be kept is said at once and never shown as done; what was kept stays, and goes on once there is
 * room again.
 */
import { createHash } from "node:crypto"
import type { CDPSession, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Browser, PHONE } from "./browser.ts"
import { assignTo, signIn } from "./cast.ts"
import { keptOn } from "./kept.ts"
import { type Caller, Server } from "./server.ts"
import { done, photograph, tickUntil } from "./visit.ts"

let server: Server
let dispatcher: Caller
let technician: string
beforeAll(async () => {
    server = await Server.start()
    dispatcher = await server.as("dispatcher")
    technician = (await (await server.as("tech1")).get<{ id: string }>("/v1/me")).id
})
afterAll(() => server.end())

/** A photo's worth of bytes is more than this, a tap's is not. */
const NEARLY_FULL_BYTES = 40_000

/** The browser's room for the phone's page. A browser believes for a while what it heard of its room last, so each of these is a new one. */
class Disk {
    private readonly session: CDPSession

    private constructor(session: CDPSession) {
        this.session = session
    }

    /** Opens the phone anew, without network, on a disk that takes no byte more. */
    static async full(browser: Browser, at: string): Promise<[Page, Disk]> {
        await browser.killAndReopen()
        await browser.setOffline(true)
        const page = await browser.page("about:blank")
        const disk = new Disk(await page.context().newCDPSession(page))
        await disk.hold(1)
        await page.goto(`${server.url}/phone/${at}`)
        return [page, disk]
    }

    private async hold(quotaSize?: number): Promise<void> {
        const origin = server.url
        await this.session.send(
            "Storage.overrideQuotaForOrigin",
            quotaSize === undefined ? { origin } : { origin, quotaSize },
        )
    }

    async makeALittleRoom(): Promise<void> {
        const { usage } = await this.session.send("Storage.getUsageAndQuota", { origin: server.url })
        await this.hold(usage + NEARLY_FULL_BYTES)
    }

    async makeRoom(): Promise<void> {
        await this.hold()
    }
}

interface Detail {
    heads: string[]
    record: {
        marks: { [step: string]: { kind: string } }
        notes: { [step: string]: string }
        photos: { [sha256: string]: object }
        readings: object
    }
}

const alert = (page: Page, said: RegExp) => page.getByRole("alert").filter({ hasText: said }).first().waitFor()

async function note(page: Page, text: string): Promise<void> {
    await page.getByLabel("备注").fill(text)
    await page.getByRole("heading", { level: 1 }).click()
}

test("on a full phone nothing is shown as done that was not kept, and all goes on once there is room", async () => {
    const job = await assignTo(dispatcher, technician)
    const browser = await Browser.open(PHONE)
    const before = await signIn(server.url, browser)
    await browser.setOffline(true)
    await before.goto(`${server.url}/phone/jobs/${job}/steps/accept`)
    await tickUntil(before, "prepare")
    const [page, disk] = await Disk.full(browser, `jobs/${job}/steps/prepare`)

    await done(page)
    await alert(page, /没有保存：手机存储空间已满/)
    expect(page.url()).toMatch(/steps\/prepare$/)
    await page.getByRole("button", { name: "完成", exact: true }).waitFor()
    await note(page, "电池已备好")
    await alert(page, /没有保存/)
    expect(await page.getByText("备注已保存").count()).toBe(0)
    // Opened anew, it shows as done and saved what was kept, and only that; what was typed stands in its field still.
    await page.reload()
    await page.getByRole("button", { name: "完成", exact: true }).waitFor()
    expect(await page.getByLabel("备注").inputValue()).toBe("电池已备好")
    expect(await page.getByText("备注已保存").count()).toBe(0)

    await disk.makeALittleRoom()
    await note(page, "电池已备好")
    await page.getByText("备注已保存").waitFor()
    await photograph(page, "noise")
    await alert(page, /照片没有保存：手机存储空间已满.*重新拍照/)
    expect(await page.locator(".photos li").count()).toBe(0)
    expect((await keptOn(page, job)).photos).toEqual([])

    await disk.makeRoom()
    await photograph(page, "noise")
    await page.locator(".photos img").waitFor()
    await done(page)
    await page.waitForURL(/steps\/depart$/)
    await browser.setOffline(false)
    await page.locator(".state-bar-sent").waitFor()
    const { heads, record } = await dispatcher.get<Detail>(`/v1/jobs/${job}`)
    expect(await keptOn(page, job)).toEqual({ heads, unsent: 0, photos: [] })
    expect(Object.keys(record.marks).toSorted()).toEqual(["accept", "analyse", "contact", "prepare"])
    expect(record.notes.prepare).toBe("电池已备好")
    const [photo = "", ...others] = Object.keys(record.photos)
    expect(others).toEqual([])
    const bytes = await dispatcher.bytes(`/v1/jobs/${job}/photos/${photo}`)
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(photo)
    expect(browser.complaints).toEqual([])
    await browser.close()
})

test("a full phone that hears from the office says so, loses nothing, and hears it once there is room", async () => {
    const job = await assignTo(dispatcher, technician)
    const browser = await Browser.open(PHONE)
    const before = await signIn(server.url, browser)
    await before.goto(`${server.url}/phone/jobs/${job}/steps/diagnose`)
    await browser.setOffline(true)
    await note(before, "电极积碳")
    await before.getByText("备注已保存").waitFor()
    const [page, disk] = await Disk.full(browser, "sending")
    await page.getByText(/1 张工单中有 1 条记录尚未上传/).waitFor()
    await dispatcher.post(`/v1/jobs/${job}/holds`, { kind: "part", reason: "电极明天到货" })
    await browser.setOffline(false)
    await alert(page, /手机存储空间已满，新内容收不下来/)
    await page.getByText(/1 张工单中有 1 条记录尚未上传/).waitFor()
    await disk.makeRoom()
    await page.getByRole("button", { name: "立即同步" }).click()
    await page.locator(".state-bar-sent").waitFor()
    await page.goto(`${server.url}/phone/jobs/${job}`)
    await page.getByText("电极明天到货").waitFor()
    const { heads, record } = await dispatcher.get<Detail>(`/v1/jobs/${job}`)
    expect(record.notes.diagnose).toBe("电极积碳")
    expect(await keptOn(page, job)).toEqual({ heads, unsent: 0, photos: [] })
    expect(browser.complaints).toEqual([])
    await browser.close()
})
