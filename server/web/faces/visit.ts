/** A visit on the technician's page, as a thumb does it: from one step to the next, with what each asks for. */
import type { Locator, Page } from "playwright-core"

export const done = (page: Page) => page.getByRole("button", { name: "完成", exact: true }).click()
const reached = (page: Page, step: string) => page.waitForURL(new RegExp(`/steps/${step}$`))
const at = (page: Page, job: string, place: string) =>
    page.goto(`${new URL(page.url()).origin}/phone/jobs/${job}${place}`)

/** What a tap has changed is on the screen with the next frame. */
export function drawn(page: Page): Promise<void> {
    return page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => setTimeout(shown))))
}

/** Waits until nothing is unsent. */
export async function sent(page: Page): Promise<void> {
    await drawn(page)
    await page.locator(".state-bar-sent").waitFor()
}

/** Ticks this step and those after it, until the other is shown. */
export async function tickUntil(page: Page, until: string): Promise<void> {
    while (!page.url().endsWith(`/steps/${until}`)) {
        const before = page.url()
        await done(page)
        await page.waitForURL((url) => url.href !== before)
    }
    await drawn(page)
}

/** Opens the job from the day, at the step that is next. */
export async function begin(page: Page): Promise<void> {
    await page.getByRole("link", { name: /周桂兰/ }).click()
    await page.getByRole("link", { name: /下一步/ }).click()
}

/** `within`: where there are several boxes to sign in. */
export async function draw(page: Page, within: Page | Locator = page): Promise<void> {
    const pad = within.locator("canvas")
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
    await drawn(page)
}

/**
 * A photo that the camera might have given: made by the page itself, so that it is a real JPEG. Of a wall in some colour, which makes few
 * bytes; or of "noise", which makes many.
 */
export async function photograph(page: Page, colour: string): Promise<void> {
    const jpeg = await page.evaluate((colour) => {
        const canvas = document.createElement("canvas")
        canvas.width = 400
        canvas.height = 300
        const pen = canvas.getContext("2d")
        if (!pen) return ""
        pen.fillStyle = colour === "noise" ? "#345" : colour
        pen.fillRect(0, 0, 400, 300)
        const picture = pen.getImageData(0, 0, 400, 300)
        let drawn = 1
        for (let place = 0; colour === "noise" && place < picture.data.length; place += 1) {
            drawn = (Math.imul(drawn, 1_103_515_245) + 12_345) >>> 0
            if (place % 4 < 3) picture.data[place] = drawn >>> 24
        }
        pen.putImageData(picture, 0, 0)
        return canvas.toDataURL("image/jpeg", 0.9)
    }, colour)
    const file = { name: "camera.jpg", mimeType: "image/jpeg", buffer: Buffer.from(jpeg.split(",")[1] ?? "", "base64") }
    await page.locator("input[type=file]").setInputFiles(file)
}

/** From the mat to the diagnosis, which the next step follows. */
export async function diagnose(page: Page): Promise<void> {
    await tickUntil(page, "lay_out")
    await page.getByLabel(/带出工具件数/).fill("11")
    await tickUntil(page, "diagnose")
    await page.getByLabel("故障原因").fill("点火电极积碳")
    await page.getByLabel("维修措施").fill("清洁电极，更换电池")
    await page.getByLabel("备注").fill("排烟管老化，已提醒客户")
    await photograph(page, "#345")
    await page.locator(".photos img").waitFor()
    await done(page)
    await reached(page, "quote")
}

/** The quote, and the customer's hand under it. */
export async function agree(page: Page, job: string): Promise<void> {
    await at(page, job, "/quote")
    await page.getByLabel("按名称或编号找项目").fill("热水器")
    await page.locator(".found-item").first().click()
    await page.getByRole("button", { name: "给客户看" }).click()
    await reached(page, "quote")
    // No work before the customer has accepted: the page says so, and where to go.
    await at(page, job, "/steps/repair")
    await done(page)
    await page.getByRole("link", { name: "去“报价”" }).click()
    await reached(page, "quote")
    await draw(page)
    await page.getByRole("button", { name: "客户同意" }).click()
    await page.getByText("客户已认可").waitFor()
}

/** The repair, and all that comes until the customer is to sign. */
export async function repair(page: Page): Promise<void> {
    await tickUntil(page, "testing")
    await page.getByLabel(/功能试机结果/).fill("点火正常，出水 45 ℃")
    await tickUntil(page, "cleanup")
    await page.getByLabel(/收回工具件数/).fill("11")
    await tickUntil(page, "charges")
    await page.getByRole("button", { name: /金额已向客户说明/ }).click()
    await page.getByText("已记录，客户已确认。").waitFor()
    await tickUntil(page, "sign_off")
}

/** The sheet, and the customer's hand under it. */
export async function sign(page: Page, job: string): Promise<void> {
    await page.getByRole("link", { name: "给客户看任务单并签字" }).click()
    await page.getByText("清洁电极，更换电池").waitFor()
    await draw(page)
    await page.getByRole("button", { name: "签字确认" }).click()
    await page.waitForURL(new RegExp(`jobs/${job}$`))
    await page.getByText("已验收").first().waitFor()
}

/** What comes after the signature, to the last step. */
export async function leave(page: Page, job: string): Promise<void> {
    await page.getByRole("link", { name: /下一步/ }).click()
    while (!page.url().endsWith(`/jobs/${job}`)) {
        const before = page.url()
        await done(page)
        await page.waitForURL((url) => url.href !== before)
    }
}

/** Runs in the page: the phone has heard that its tick was not taken over. An honest phone seldom does, so it is told here and not by a server. */
export async function hearRefusal({ job, at }: { job: string; at: string }): Promise<void> {
    const settled = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
            request.onsuccess = () => resolve(request.result)
            request.onerror = () => reject(request.error)
        })
    const change = "ab".repeat(32)
    const why = { code: "job_moved", zh: "工单已改派给其他人，此项没有采纳", en: "The job had moved to somebody else" }
    const named = {
        job,
        actor: "cd".repeat(16),
        change,
        paths: [],
        salvaged_as: null,
        quarantine: "00000000-0000-0000-0000-000000000001",
    }
    const mark = { kind: "done", by: job, at }
    const lost = { path: ["marks", "analyse"], value: mark }
    const refused = { entry: "refused", refused: { ...named, ...why }, seqs: null, at, writes: [lost] }
    const database = await settled(indexedDB.open("phone"))
    await settled(
        database
            .transaction("log", "readwrite")
            .objectStore("log")
            .add({ entries: [refused] }),
    )
    database.close()
}
