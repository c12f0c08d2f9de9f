/**
 * A technician's visit in a cellar: the network is gone, the page is opened anew from what the browser keeps, the browser's process is
 * killed, and the office writes meanwhile. Then the network is back, and phone and server hold the same.
 */
import { createHash } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Browser, PHONE } from "./browser.ts"
import { assignTo, signIn } from "./cast.ts"
import { type Caller, Server } from "./server.ts"
import { agree, begin, diagnose, repair, sign } from "./visit.ts"

let server: Server
let dispatcher: Caller
beforeAll(async () => {
    server = await Server.start()
    dispatcher = await server.as("dispatcher")
})
afterAll(() => server.end())

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
    let page = await signIn(server.url, browser)

    await server.kill()
    await browser.setOffline(true)
    await page.reload()
    await begin(page)
    await diagnose(page)
    await browser.killAndReopen()
    await browser.setOffline(true)
    page = await browser.page(`${server.url}/phone/jobs/${job}/steps/diagnose`)
    expect(await page.getByLabel("备注").inputValue()).toBe("排烟管老化，已提醒客户")
    await agree(page, job)
    await repair(page)
    await sign(page, job)
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
