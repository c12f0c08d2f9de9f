/**
 * A phone that reaches nobody any more: what it could not send, photos included, becomes a file, which the office hands in, looks at, and adopts.
 * And what a technician sees of limits and of a customer who wants no calls.
 */
import { afterAll, beforeAll, expect, test } from "vitest"
import { violations } from "./axe.ts"
import { browsers, DESKTOP, PHONE } from "./browser.ts"
import { assignTo, signIn, signInAt } from "./cast.ts"
import { type Caller, Server } from "./server.ts"
import { done, hearRefusal, photograph } from "./visit.ts"

let server: Server
let dispatcher: Caller
let technician: string
const browser = browsers()
beforeAll(async () => {
    server = await Server.start()
    dispatcher = await server.as("dispatcher")
    technician = (await (await server.as("tech1")).get<{ id: string }>("/v1/me")).id
})
afterAll(() => server.end())

test("what a phone can't send, photos included, is handed in as a file, seen, and adopted", async () => {
    const job = await assignTo(dispatcher, technician)
    const line = await server.line()
    const phone = await signIn(line.url, await browser(PHONE))
    line.cut()
    await phone.goto(`${line.url}/phone/jobs/${job}/steps/diagnose`)
    await phone.getByLabel("备注").fill("外壳有裂纹")
    await photograph(phone, "#345")
    await phone.locator(".photos img").waitFor()
    await phone.goto(`${line.url}/phone/sending`)
    await phone.getByText(/条记录、1 张照片，约 \d+ KB/).waitFor()
    const saving = phone.waitForEvent("download")
    await phone.getByRole("button", { name: "导出未上传内容" }).click()
    const file = await saving
    expect(file.suggestedFilename()).toBe("tech1-unsent.json")
    // To save it takes nothing away.
    await phone.getByText(/条记录、1 张照片/).waitFor()

    const desk = await signInAt(server, await browser(DESKTOP), "dispatcher")
    await desk.goto(`${server.url}/desk/inbox`)
    await desk.getByText("交入手机导出的文件").click()
    await desk.getByLabel("文件").setInputFiles(await file.path())
    await desk.getByRole("button", { name: "交入", exact: true }).click()
    await desk.getByText(/照片 1 张/).waitFor()
    const seen = desk.locator(".inbox-photo img")
    await seen.waitFor()
    expect(await seen.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
    expect(await violations(desk, "handed in")).toEqual([])
    await desk.getByRole("button", { name: "全部采纳" }).click()
    await desk.getByText("没有待处理的内容").waitFor()
    const photos = await dispatcher.get<{ owed_since?: string; received_at?: string }[]>(`/v1/jobs/${job}/photos`)
    expect(photos).toHaveLength(1)
    expect([photos[0]?.owed_since ?? null, typeof photos[0]?.received_at]).toEqual([null, "string"])
    const { record } = await dispatcher.get<{ record: { notes: { [step: string]: string } } }>(`/v1/jobs/${job}`)
    expect(record.notes["diagnose"]).toBe("外壳有裂纹")
    await line.end()
})

test("a technician sees what is about to break until it is kept, without network too, and who wants no calls", async () => {
    const known = { name: "吴桂兰", phone: "13800138111", address: "上海市徐汇区漕溪路 255 弄 3 号 502 室" }
    const desk = await server.as("desk")
    const customer = await desk.post<{ id: string }>("/v1/customers", { ...known, refuses_calls: true })
    const told = { class: "B", channel: "phone", fault: "水管爆裂", urgency: "urgent", repeated_back: true }
    const { job } = await desk.post<{ job: string }>("/v1/reports", { ...known, ...told, customer: customer.id })
    const sent = { technician, instead_of: null, window: null, override: true, reason: "客户点名" }
    await dispatcher.post(`/v1/jobs/${job}/assign`, sent)
    const line = await server.line()
    const phone = await signIn(line.url, await browser(PHONE), /吴桂兰/)
    const card = phone.locator(".job-card").filter({ hasText: "吴桂兰" })
    await card.getByText(/急修到场：最迟/).waitFor()
    await card.getByText("勿回访").waitFor()
    line.cut()
    await phone.goto(`${line.url}/phone/jobs/${job}`)
    await phone.getByText(/急修到场：最迟/).waitFor()
    await phone.getByText(/急修修复：最迟/).waitFor()
    await phone.getByText("客户不愿接回访电话").waitFor()
    await phone.goto(`${line.url}/phone/jobs/${job}/steps/introduce`)
    await done(phone)
    await phone.waitForURL(/steps\/shoe_covers$/)
    await phone.goto(`${line.url}/phone/jobs/${job}`)
    await phone.getByText(/急修修复：最迟/).waitFor()
    expect(await phone.getByText(/急修到场：/).count()).toBe(0)
    await line.end()
})

test("a technician reads what was not taken over, what stands there now, and what came of the job since", async () => {
    const job = await assignTo(dispatcher, technician)
    const phone = await signIn(server.url, await browser(PHONE))
    await phone.goto(`${server.url}/phone/jobs/${job}`)
    await phone.evaluate(hearRefusal, { job, at: new Date().toISOString() })
    await dispatcher.post(`/v1/jobs/${job}/holds`, { kind: "part", reason: "等恒温阀芯" })
    await phone.goto(`${server.url}/phone/sending`)
    const notice = phone.locator("article").filter({ hasText: "之后的情况" })
    await notice.getByText("工单已改派给其他人，此项没有采纳").waitFor()
    await notice.getByText("“分析”的勾选：完成").waitFor()
    await notice.getByText("工单里现在是：（空）").waitFor()
    await notice.getByText("挂起：等恒温阀芯").waitFor()
    await notice.getByText("工单现在：待配件").waitFor()
    await notice.getByText("等调度决定是否采纳").waitFor()
    expect(await violations(phone, "not taken over")).toEqual([])
    await notice.getByRole("button", { name: "知道了" }).click()
    await notice.waitFor({ state: "detached" })
})
