/**
 * The office's further screens as people see them: held against the rules for accessibility, photographed where `PICTURES=folder` names one,
 * and with scripts for texts in every field that somebody types into.
 */
import { join } from "node:path"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { violations } from "./axe.ts"
import { Browser, DESKTOP, type Looks, PHONE, TABLET } from "./browser.ts"
import { assignTo, signIn, signInAt } from "./cast.ts"
import { type Caller, PASSWORD, Server } from "./server.ts"
import { photograph } from "./visit.ts"

let server: Server
let desk: Caller
/** A job that has a bit of everything. */
let job: string
let customer: string
beforeAll(async () => {
    server = await Server.start()
    desk = await server.as("desk")
    const technician = (await (await server.as("tech1")).get<{ id: string }>("/v1/me")).id
    job = await assignTo(await server.as("dispatcher"), technician)
    const known = { name: "周桂兰", phone: "13800138000", address: "上海市徐汇区漕溪路 255 弄 3 号 502 室" }
    customer = (await desk.post<{ id: string }>("/v1/customers", known)).id
    await desk.post(`/v1/jobs/${job}/price-requests`, { text: "更换进口恒温阀芯" })
    await desk.post(`/v1/jobs/${job}/notes`, { text: "门禁码 1234" })
    const due_at = new Date(Date.now() + 3_600_000).toISOString()
    await desk.post("/v1/promises", { job, text: "上门前半小时电话通知", due_at })
    const asked = { class: "D", channel: "phone", name: "李强", phone: "13812345678", fault: "旧机能否折价？" }
    const report = await desk.post<{ id: string }>("/v1/reports", asked)
    await desk.post(`/v1/reports/${report.id}/questions`, { text: "旧机能折多少钱？" })
})
afterAll(() => server.end())

type Screens = [name: string, login: string, at: () => string][]
const SCREENS: Screens = [
    ["hire", "admin", () => "/people/new"],
    ["account", "admin", () => "/me"],
    ["new-outlet", "admin", () => "/outlets/new"],
    ["price-requests", "engineer", () => "/price-requests"],
    ["questions", "supervisor", () => "/questions"],
    ["promises", "supervisor", () => "/promises"],
    ["customers", "supervisor", () => "/customers"],
    ["new-customer", "supervisor", () => "/customers/new"],
    ["customer", "supervisor", () => `/customers/${customer}`],
    ["edit-customer", "supervisor", () => `/customers/${customer}/edit`],
    ["quote", "supervisor", () => `/jobs/${job}/money/quote`],
    ["record", "supervisor", () => `/jobs/${job}`],
]

async function look(looks: Looks): Promise<string[]> {
    const wrong: string[] = []
    const browser = await Browser.open(looks)
    let shown: { login: string; page: Page } | undefined
    for (const [name, login, at] of SCREENS) {
        if (shown?.login !== login) shown = { login, page: await asSomebody(browser, login, shown?.page, looks) }
        const { page } = shown
        await page.goto(`${server.url}/desk${at()}`)
        await page.locator("main h1").first().waitFor()
        await page.locator(".loading").first().waitFor({ state: "detached" })
        const screen = ["office", name, looks.language ?? "zh-CN", looks.isDark ? "dark" : "light"].join("-")
        wrong.push(...(await violations(page, screen)))
        if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, `${screen}.png`) })
    }
    expect(browser.complaints).toEqual([])
    await browser.close()
    return wrong
}

/** Whoever was signed in goes; this one comes. */
async function asSomebody(browser: Browser, login: string, before: Page | undefined, looks: Looks): Promise<Page> {
    const isEnglish = looks.language === "en"
    const page = before ?? (await browser.page(`${server.url}/desk/`))
    if (before) await page.getByRole("button", { name: isEnglish ? "Sign out" : "退出登录" }).click()
    await page.getByLabel(isEnglish ? "User name" : "账号").fill(login)
    await page.getByLabel(isEnglish ? "Password" : "密码").fill(PASSWORD)
    await page.getByRole("button", { name: isEnglish ? "Sign in" : "登录", exact: true }).click()
    await page.locator("input[type=password]").waitFor({ state: "detached" })
    return page
}

test("the office's screens are for everybody (1440 wide)", async () => {
    expect(await look(DESKTOP)).toEqual([])
})

test("the office's screens are for everybody (1024 wide, dark, English)", async () => {
    expect(await look({ ...TABLET, isDark: true, language: "en" })).toEqual([])
})

test("who may not is offered nothing that they can't do, and told so where they come by the address", async () => {
    const browser = await Browser.open(DESKTOP)
    const page = await signInAt(server, browser, "desk")
    await page.goto(`${server.url}/desk/people`)
    await page.getByRole("link", { name: "刘强" }).waitFor()
    expect(await page.getByRole("link", { name: "录用人员" }).count()).toBe(0)
    for (const at of ["/people/new", "/outlets/new"]) {
        await page.goto(`${server.url}/desk${at}`)
        await page.getByText("您的岗位不能使用这个页面").waitFor()
    }
    await page.goto(`${server.url}/desk/price-requests`)
    await page.getByText("由工程部主管答复").first().waitFor()
    expect(await page.getByRole("button", { name: "答复核价" }).count()).toBe(0)
    await browser.close()
})

test("a server that can't be reached is said, and what was typed is still there to be sent", async () => {
    const browser = await Browser.open(DESKTOP)
    const page = await signInAt(server, browser, "supervisor")
    await page.goto(`${server.url}/desk/customers/new`)
    await page.getByLabel("姓名").fill("吴倩")
    await page.getByLabel("电话", { exact: true }).fill("13900006666")
    await page.getByLabel("地址").fill("上海市徐汇区天钥桥路 30 号")
    await browser.setOffline(true)
    await page.getByRole("button", { name: "新增客户" }).click()
    await page.getByRole("alert").getByText("连不上服务器").waitFor()
    await browser.setOffline(false)
    await page.getByRole("button", { name: "新增客户" }).click()
    await page.getByRole("heading", { name: "吴倩" }).waitFor()
    await browser.close()
})

test("at the width of a phone the head is one line, and no page is wider than the screen", async () => {
    const browser = await Browser.open({ ...PHONE, language: "zh-CN" })
    const page = await signInAt(server, browser, "manager")
    const wide: string[] = []
    for (const at of [
        "board",
        "jobs",
        `jobs/${job}`,
        `jobs/${job}/links`,
        "follow-ups",
        "intake",
        "prices",
        "people",
    ]) {
        await page.goto(`${server.url}/desk/${at}`)
        await page.locator("main").locator("h1, .empty").first().waitFor()
        await page.locator("[aria-busy=true], .loading").first().waitFor({ state: "detached" })
        const width = await page.evaluate(() => document.documentElement.scrollWidth)
        const head = await page.locator(".shell-head").evaluate((element) => element.getBoundingClientRect().height)
        if (width > PHONE.width || head > 64) wide.push(`${at}: ${width} wide, its head ${head} high`)
    }
    expect(wide).toEqual([])
    await browser.close()
})

test("a report that is being taken is still there after a look at another page", async () => {
    const browser = await Browser.open(DESKTOP)
    const page = await signInAt(server, browser, "desk")
    await page.goto(`${server.url}/desk/intake`)
    await page.getByLabel("姓名").fill("吴倩")
    await page.getByLabel("故障", { exact: true }).fill("热水器不出热水")
    await page.getByRole("link", { name: "工单" }).click()
    await page.waitForURL(/desk\/jobs/)
    await page.goBack()
    expect(await page.getByLabel("故障", { exact: true }).inputValue()).toBe("热水器不出热水")
    await page.getByRole("button", { name: "清空" }).click()
    await page.reload()
    expect(await page.getByLabel("姓名").inputValue()).toBe("")
    await browser.close()
})

test("who calls a customer sees the number, by a look that is logged", async () => {
    const browser = await Browser.open(DESKTOP)
    const page = await signInAt(server, browser, "desk")
    await page.goto(`${server.url}/desk/follow-ups?view=all`)
    const line = page.locator("tbody tr").first()
    await line.getByRole("button", { name: "显示完整号码" }).click()
    await line.locator("a[href^='tel:1']").waitFor()
    await line.getByRole("button", { name: "记录通话" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "显示完整号码" }).click()
    await page.getByRole("dialog").locator("a[href^='tel:1']").waitFor()
    await browser.close()
})

test("a photo that a technician took is seen at the desk", async () => {
    const browser = await Browser.open(PHONE)
    const phone = await signIn(server.url, browser)
    await phone.goto(`${server.url}/phone/jobs/${job}/steps/diagnose`)
    await photograph(phone, "#345")
    await phone.locator(".photos img").waitFor()
    await phone.goto(`${server.url}/phone/sending`)
    await phone.getByText("全部已上传").first().waitFor({ timeout: 60_000 })
    await browser.close()
    const office = await Browser.open(DESKTOP)
    const page = await signInAt(server, office, "supervisor")
    await page.goto(`${server.url}/desk/jobs/${job}/photos`)
    const picture = page.locator(".picture img").first()
    await picture.waitFor()
    expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
    await office.close()
})

const SCRIPT = `<img src=x onerror="document.title='hurt'"><script>document.title='hurt'</script>`

test("a script that is typed into any of the office's fields is text wherever it is read", async () => {
    const browser = await Browser.open(DESKTOP)
    const page = await signInAt(server, browser, "supervisor")
    const at = (path: string) => page.goto(`${server.url}/desk${path}`)
    const read = async () => {
        await page.getByText(SCRIPT).first().waitFor()
        expect(await page.title()).toBe("上门")
    }
    const press = (name: string) => page.getByRole("button", { name, exact: true }).click()
    await at("/customers/new")
    await page.getByLabel("姓名").fill(SCRIPT)
    await page.getByLabel("电话", { exact: true }).fill("13900005555")
    await page.getByLabel("地址").fill(SCRIPT)
    await press("新增客户")
    await page.waitForURL(/customers\/[0-9a-f-]{36}$/)
    await read()
    await at(`/jobs/${job}`)
    await page.getByLabel("添加备注").fill(SCRIPT)
    await press("保存")
    await read()
    await press("更正资料")
    await page.locator("dialog [name=fault]").fill(SCRIPT)
    await page.locator("dialog [name=product]").fill(SCRIPT)
    await page.getByRole("dialog").getByRole("button", { name: "保存" }).click()
    await read()
    await at(`/jobs/${job}/money/quote`)
    await page.getByLabel("要做什么、用什么").fill(SCRIPT)
    await press("请主管核价")
    await page.getByRole("listitem").filter({ hasText: SCRIPT }).waitFor()
    await page.getByRole("button", { name: /^加入/ }).first().click()
    await page.getByLabel("方案名称").fill(SCRIPT.slice(0, 60))
    await press("保存报价")
    await page.getByText(SCRIPT.slice(0, 60)).first().waitFor()
    await at("/price-requests")
    await read()
    for (const tab of ["history", "sheet", "differences"]) {
        await at(`/jobs/${job}/${tab}`)
        await page.locator("main h1").waitFor()
        expect(await page.title()).toBe("上门")
    }
    await at(`/search?q=${encodeURIComponent("onerror")}`)
    await read()
    expect(browser.complaints).toEqual([])
    await browser.close()
})
