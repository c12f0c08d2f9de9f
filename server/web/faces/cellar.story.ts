/**
 * A technician's visit in a cellar: the network is gone, the page is opened anew from what the browser keeps, the browser's process is
 * killed, and the office writes meanwhile. Then the network is back, and phone and server hold the same.
 */
import { createHash } from "node:crypto"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Browser, PHONE } from "./browser.ts"
import { assignTo, signIn } from "./cast.ts"
import { type Caller, Server } from "./server.ts"

let server: Server
let dispatcher: Caller
beforeAll(async () => {
    server = await Server.start()
    dispatcher = await server.as("dispatcher")
})
afterAll(() => server.end())

const done = (page: Page) => page.getByRole("button", { name: "完成", exact: true }).click()
const reached = (page: Page, step: string) => page.waitForURL(new RegExp(`/steps/${step}$`))

/** Ticks this step and those after it, until the other is shown. */
async function tickUntil(page: Page, until: string): Promise<void> {
    while (!page.url().endsWith(`/steps/${until}`)) {
        const before = page.url()
        await done(page)
        await page.waitForURL((url) => url.href !== before)
    }
}

async function draw(page: Page): Promise<void> {
    const pad = page.locator(".pad canvas")
    // As a thumb would, clear of the bars at both ends.
    await pad.evaluate((element) => element.scrollIntoView({ block: "center" }))
    const box = await pad.boundingBox()
    if (!box) throw new Error("there is no box to sign in")
    await page.mouse.move(box.x + 30, box.y + 60)
    await page.mouse.down()
    const points = [
        [80, 30],
        [120, 90],
        [180, 40],
        [240, 80],
    ] as const
    for (const [x, y] of points) await page.mouse.move(box.x + x, box.y + y)
    await page.mouse.up()
}

/** A photo that the camera might have given: made by the page itself, so that it is a real JPEG. */
async function photograph(page: Page): Promise<void> {
    const jpeg = await page.evaluate(async () => {
        const canvas = document.createElement("canvas")
        canvas.width = 640
        canvas.height = 480
        const pen = canvas.getContext("2d")
        if (pen) {
            pen.fillStyle = "#345"
            pen.fillRect(0, 0, 640, 480)
        }
        const blob = await new Promise<Blob | null>((made) => canvas.toBlob(made, "image/jpeg", 0.9))
        return Array.from(new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0)))
    })
    const file = { name: "cellar.jpg", mimeType: "image/jpeg", buffer: Buffer.from(jpeg) }
    await page.locator("input[type=file]").setInputFiles(file)
    await page.locator(".photos img").waitFor()
}

/** From the door to the diagnosis. */
async function arrive(page: Page): Promise<void> {
    await page.getByRole("link", { name: /周桂兰/ }).click()
    await page.getByRole("link", { name: /下一步/ }).click()
    await tickUntil(page, "lay_out")
    await page.getByLabel(/带出工具件数/).fill("11")
    await tickUntil(page, "diagnose")
    await page.getByLabel("故障原因").fill("点火电极积碳")
    await page.getByLabel("维修措施").fill("清洁电极，更换电池")
    await page.getByLabel("备注").fill("排烟管老化，已提醒客户")
    await photograph(page)
    await done(page)
    await reached(page, "quote")
}

/** The quote, and the customer's hand under it. */
async function agree(page: Page, job: string): Promise<void> {
    await page.goto(`${server.url}/phone/jobs/${job}/quote`)
    await page.getByLabel("按名称或编号找项目").fill("热水器")
    await page.locator(".found-item").first().click()
    await page.getByRole("button", { name: "给客户看" }).click()
    await reached(page, "quote")
    // No work before the customer has accepted: the page says so, and where to go.
    await page.goto(`${server.url}/phone/jobs/${job}/steps/repair`)
    await done(page)
    await page.getByRole("alert").waitFor()
    await page.goto(`${server.url}/phone/jobs/${job}/steps/quote`)
    await draw(page)
    await page.getByRole("button", { name: "客户同意" }).click()
    await page.getByText("客户已认可").waitFor()
}

/** The repair, and all that comes until the customer has signed. */
async function finish(page: Page, job: string): Promise<void> {
    await tickUntil(page, "testing")
    await page.getByLabel(/功能试机结果/).fill("点火正常，出水 45 ℃")
    await tickUntil(page, "cleanup")
    await page.getByLabel(/收回工具件数/).fill("11")
    await tickUntil(page, "charges")
    await page.getByRole("button", { name: /金额已向客户说明/ }).click()
    await page.getByText("已记录，客户已确认。").waitFor()
    await tickUntil(page, "sign_off")
    await page.getByRole("link", { name: "给客户看任务单并签字" }).click()
    await page.getByText("清洁电极，更换电池").waitFor()
    await draw(page)
    await page.getByRole("button", { name: "签字确认" }).click()
    await page.waitForURL(new RegExp(`jobs/${job}$`))
    await page.getByText("已验收").first().waitFor()
}

interface Detail {
    record: {
        marks: { [step: string]: { kind: string } }
        notes: { [step: string]: string }
        photos: { [sha256: string]: object }
        holds: object
        consents: object
        sign_offs: object
        charges: object
    }
}

test("a visit without network, in a killed browser, and an office that writes meanwhile make one record", async () => {
    const technician = await (await server.as("tech1")).get<{ id: string }>("/v1/me")
    const job = await assignTo(dispatcher, technician.id)
    const browser = await Browser.open(PHONE)
    let page = await signIn(server, browser)

    await server.kill()
    await browser.setOffline(true)
    await page.reload()
    await arrive(page)
    await browser.killAndReopen()
    await browser.setOffline(true)
    page = await browser.page(`${server.url}/phone/jobs/${job}/steps/diagnose`)
    expect(await page.getByLabel("备注").inputValue()).toBe("排烟管老化，已提醒客户")
    await agree(page, job)
    await finish(page, job)
    expect(await page.locator("header.state-bar").innerText()).toMatch(/没有网络.*未上传.*照片待传/s)

    await server.comeBack()
    dispatcher = await server.as("dispatcher")
    await dispatcher.post(`/v1/jobs/${job}/holds`, { kind: "customer", reason: "客户来电要求改到下午" })
    await browser.setOffline(false)
    await page.goto(`${server.url}/phone/sending`)
    await page.getByText("全部已上传").first().waitFor({ timeout: 60_000 })

    const { record } = await dispatcher.get<Detail>(`/v1/jobs/${job}`)
    expect(record.notes.diagnose).toBe("排烟管老化，已提醒客户")
    expect(Object.values(record.marks).filter(({ kind }) => kind === "done").length).toBeGreaterThan(15)
    for (const map of [record.consents, record.sign_offs, record.charges, record.holds]) {
        expect(Object.keys(map)).toHaveLength(1)
    }
    const [photo = ""] = Object.keys(record.photos)
    const kept = await dispatcher.bytes(`/v1/jobs/${job}/photos/${photo}`)
    expect(createHash("sha256").update(kept).digest("hex")).toBe(photo)
    const { items } = await dispatcher.get<{ items: unknown[] }>(`/v1/quarantine?job=${job}`)
    expect(items).toEqual([])
    expect(browser.complaints).toEqual([])
    await browser.close()
})
