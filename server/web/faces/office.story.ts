/** What the office does in a day beside the board: people, prices, answers, and what two people wrote of one thing. */
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Browser, DESKTOP, PHONE } from "./browser.ts"
import { assignTo, signIn, signInAt } from "./cast.ts"
import { type Caller, PASSWORD, Server } from "./server.ts"

let server: Server
let dispatcher: Caller
beforeAll(async () => {
    server = await Server.start()
    dispatcher = await server.as("dispatcher")
})
afterAll(() => server.end())

const personOf = async (login: string) => (await (await server.as(login)).get<{ id: string }>("/v1/me")).id
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true })

/** At the desk, as somebody; closed when it is over. */
async function atDesk(login: string, act: (page: Page) => Promise<void>): Promise<void> {
    const browser = await Browser.open(DESKTOP)
    await act(await signInAt(server, browser, login))
    expect(browser.complaints).toEqual([])
    await browser.close()
}

async function tryToSignIn(login: string, password: string): Promise<number> {
    const headers = { "Content-Type": "application/json" }
    const body = JSON.stringify({ login, password })
    return (await fetch(`${server.url}/v1/sessions`, { method: "POST", headers, body })).status
}

test("a technician who is hired signs in on a phone, and no longer once they have left", async () => {
    let password = ""
    await atDesk("admin", async (page) => {
        await page.goto(`${server.url}/desk/people/new`)
        await page.getByLabel("姓名").fill("秦小玲")
        await page.getByLabel("电话", { exact: true }).fill("13900007777")
        await page.getByLabel("家电").check()
        await page.getByLabel("账号").fill("tech1")
        await button(page, "生成密码").click()
        await button(page, "录用人员").click()
        // The server's word stands at the field, and the field has the focus.
        await page.getByText("用户名已被使用").first().waitFor()
        await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "login")
        await page.getByLabel("账号").fill("qinxiaoling")
        await button(page, "录用人员").click()
        await page.getByText("已录用 秦小玲").waitFor()
        password = await page.locator("dt:text-is('初始密码') + dd").innerText()
    })
    const browser = await Browser.open(PHONE)
    const phone = await browser.page(`${server.url}/phone/`)
    await phone.getByLabel("账号").fill("qinxiaoling")
    await phone.getByLabel("密码").fill(password)
    await button(phone, "登录").click()
    await phone.locator("input[type=password]").waitFor({ state: "detached" })
    await browser.close()
    await atDesk("admin", async (page) => {
        await page.goto(`${server.url}/desk/people?q=qinxiaoling`)
        await page.getByRole("link", { name: "秦小玲" }).click()
        await button(page, "停用（离职）").click()
        await page.getByRole("dialog").getByRole("button", { name: "停用（离职）" }).click()
        await page.getByText("已停用", { exact: true }).first().waitFor()
    })
    expect(await tryToSignIn("qinxiaoling", password)).toBe(401)
})

test("a password that is reset is the one that counts, and one's own is changed with the old one", async () => {
    const reset = "reset-by-admin-2026"
    await atDesk("admin", async (page) => {
        await page.goto(`${server.url}/desk/people/${await personOf("quality")}`)
        await button(page, "重设密码").click()
        await page.getByLabel("新密码").fill(reset)
        await page.getByRole("dialog").getByRole("button", { name: "重设密码" }).click()
        await page.getByText("的密码已重设").waitFor()
    })
    expect(await tryToSignIn("quality", PASSWORD)).toBe(401)
    expect(await tryToSignIn("quality", reset)).toBe(201)
    await atDesk("desk2", async (page) => {
        await page.goto(`${server.url}/desk/me`)
        await page.getByText("当前", { exact: true }).waitFor()
        await page.getByLabel("当前密码").fill("not-my-password")
        await page.getByLabel("新密码", { exact: true }).fill("another-one-of-2026")
        await page.getByLabel("再输一次新密码").fill("another-one-of-2026")
        await button(page, "修改密码").click()
        await page.getByRole("alert").waitFor()
        await page.getByLabel("当前密码").fill(PASSWORD)
        await button(page, "修改密码").click()
        await page.getByText("密码已修改").waitFor()
    })
    expect(await tryToSignIn("desk2", "another-one-of-2026")).toBe(201)
})

test("a price that is asked for shows at once, is answered, and is offered to the customer", async () => {
    const job = await assignTo(dispatcher, await personOf("tech1"))
    const technician = await server.as("tech1")
    const engineer = await Browser.open(DESKTOP)
    const answers = await signInAt(server, engineer, "engineer")
    await answers.goto(`${server.url}/desk/price-requests`)
    await answers.locator("main h1").waitFor()
    await technician.post(`/v1/jobs/${job}/price-requests`, { text: "更换进口恒温阀芯" })
    const line = answers.getByRole("listitem").filter({ hasText: "更换进口恒温阀芯" })
    // Nobody has asked for the page anew.
    await line.getByText(/还剩 1[45] 分钟/).waitFor()
    await line.getByRole("button", { name: "答复核价" }).click()
    await answers.getByLabel("单价").fill("260")
    await answers.getByLabel("单位").fill("个")
    await answers.getByLabel("说明").fill("含人工")
    await answers.getByRole("dialog").getByRole("button", { name: "答复核价" }).click()
    await line.waitFor({ state: "detached" })
    expect(engineer.complaints).toEqual([])
    await engineer.close()
    await atDesk("desk", async (page) => {
        await page.goto(`${server.url}/desk/jobs/${job}/money`)
        await page.getByRole("link", { name: "新报价" }).click()
        await page.getByRole("button", { name: "加入 更换进口恒温阀芯" }).click()
        await page.getByLabel("更换进口恒温阀芯 的数量").fill("2")
        await page.getByLabel("方案名称").fill("更换")
        await page.getByRole("status").getByText("520.00").waitFor()
        await button(page, "保存报价").click()
        await page.getByRole("heading", { name: /520\.00/ }).waitFor()
        await button(page, "发给客户").click()
        await button(page, "生成链接").click()
        const link = await page.locator(".job-address").innerText()
        // At the address at which the server is here.
        const shown = await fetch(`${server.url}${new URL(link).pathname}`)
        expect(await shown.text()).toContain("更换进口恒温阀芯")
    })
    const refused = { kind: "price", reason: "阀芯型号有误" }
    await dispatcher.post(`/v1/jobs/${job}/holds`, refused)
    await atDesk("supervisor", async (page) => {
        await page.goto(`${server.url}/desk/jobs/${job}/money`)
        await page.getByText("报价已撤回，正在等定价").waitFor()
    })
})

test("a question goes up, comes back answered, and its clock runs until the customer was told", async () => {
    const agent = await server.as("desk")
    const taken = { class: "D", channel: "phone", name: "李强", phone: "13812345678", fault: "旧机能否折价？" }
    const report = await agent.post<{ id: string; number: string }>("/v1/reports", taken)
    const above = await Browser.open(DESKTOP)
    const supervisor = await signInAt(server, above, "supervisor")
    await supervisor.goto(`${server.url}/desk/questions`)
    await supervisor.locator("main h1").waitFor()
    await atDesk("desk", async (page) => {
        await page.goto(`${server.url}/desk/intake/${report.id}`)
        await button(page, "请示主管").click()
        await page.getByLabel("客户想知道什么").fill("旧机能折多少钱？")
        await button(page, "请示主管").click()
        const line = supervisor.getByRole("listitem").filter({ hasText: "旧机能折多少钱？" })
        await line.getByRole("button", { name: "答复请示" }).click()
        await supervisor.getByLabel("答复内容").fill("不做以旧换新，可代为联系回收。")
        await supervisor.getByRole("dialog").getByRole("button", { name: "答复请示" }).click()
        // At the desk it is there without asking.
        await page.getByText("可代为联系回收").waitFor()
        await button(page, "已告知客户").click()
        await page.getByText(/已告知客户$/).waitFor()
    })
    await above.close()
    const { items } = await agent.get<{ items: { told: unknown }[] }>(`/v1/reports/${report.id}/questions`)
    expect(items.map(({ told }) => told !== null)).toEqual([true])
})

test("a price list with a wrong cell is not imported, and which cell it is is said", async () => {
    await atDesk("engineer", async (page) => {
        await page.goto(`${server.url}/desk/prices`)
        const items = page.locator("section .table tbody tr")
        await items.first().waitFor()
        const before = await items.count()
        await page.getByLabel("价目表名称").fill("春季价目")
        const wrong =
            "code,name_zh,name_en,unit,kind,price_fen\nA-1,上门费,Visit,次,fee,3000\nA-2,换阀,Valve,个,part,cheap\n"
        const file = (csv: string) => ({ name: "prices.csv", mimeType: "text/csv", buffer: Buffer.from(csv) })
        await page.getByLabel("文件").setInputFiles(file(wrong))
        await button(page, "导入价目表").click()
        const row = page.locator(".import-errors tbody tr")
        await row.waitFor()
        expect(await row.locator("td").first().innerText()).toBe("3")
        expect(await row.locator("td").nth(1).innerText()).toBe("price_fen")
        expect(await items.count()).toBe(before)
        await page.getByLabel("文件").setInputFiles(file(wrong.replace("cheap", "4500")))
        await button(page, "导入价目表").click()
        await page.getByText(/已导入第 \d+ 版，共 2 项/).waitFor()
    })
})

/** A technician whose phone is without network, with a note typed on it. */
async function noteOffline(job: string, text: string): Promise<{ browser: Browser; page: Page }> {
    const browser = await Browser.open(PHONE)
    const page = await signIn(server.url, browser)
    await page.goto(`${server.url}/phone/jobs/${job}/steps/diagnose`)
    await browser.setOffline(true)
    await page.getByLabel("备注").fill(text)
    await page.getByRole("heading", { level: 1 }).click()
    await page.getByText("备注已保存").waitFor()
    return { browser, page }
}

test("of two who wrote one note at once the desk chooses, and both stay to be read", async () => {
    const job = await assignTo(dispatcher, await personOf("tech1"))
    const { browser, page: phone } = await noteOffline(job, "电极积碳")
    const { heads } = await dispatcher.get<{ heads: string[] }>(`/v1/jobs/${job}`)
    await dispatcher.put(`/v1/jobs/${job}/steps/diagnose/note`, { text: "上周刚换过电池", base_heads: heads })
    await atDesk("supervisor", async (page) => {
        await page.goto(`${server.url}/desk/jobs/${job}/differences`)
        await page.getByText("没有分歧").waitFor()
        await browser.setOffline(false)
        await phone.goto(`${server.url}/phone/sending`)
        await page.getByText("电极积碳").waitFor({ timeout: 60_000 })
        await page.getByText("上周刚换过电池").waitFor()
        const mine = page.locator(".beside-one").filter({ hasText: "电极积碳" })
        await mine.getByRole("button", { name: "以此为准" }).click()
        await page.getByRole("heading", { name: "已选定" }).waitFor()
    })
    await browser.close()
    const { record } = await dispatcher.get<{ record: { notes: { [step: string]: string } } }>(`/v1/jobs/${job}`)
    expect(record.notes.diagnose).toBe("电极积碳")
})

test("what a phone wrote that was lost meanwhile is adopted from the inbox, under both names", async () => {
    const job = await assignTo(dispatcher, await personOf("tech1"))
    const { browser, page: phone } = await noteOffline(job, "异响，已录音")
    await atDesk("dispatcher", async (page) => {
        await page.goto(`${server.url}/desk/people/${await personOf("tech1")}`)
        const revoke = page.getByRole("region", { name: "手机" }).getByRole("button", { name: "停用手机" })
        await revoke.first().waitFor()
        for (let left = await revoke.count(); left > 0; left -= 1) {
            await revoke.first().click()
            await page.getByRole("dialog").getByRole("button", { name: "停用手机" }).click()
            await page.waitForFunction(
                (before) => document.querySelectorAll("section .button-bad").length < before,
                left,
            )
        }
        await browser.setOffline(false)
        await phone.goto(`${server.url}/phone/sending`)
        await page.goto(`${server.url}/desk/inbox`)
        const entry = page.locator("article").filter({ hasText: "异响，已录音" })
        await entry.getByText("其中的时间不能作为凭据").waitFor()
        await entry.getByRole("button", { name: "全部采纳" }).click()
        await entry.waitFor({ state: "detached" })
    })
    await browser.close()
    const { record } = await dispatcher.get<{ record: { notes: { [step: string]: string } } }>(`/v1/jobs/${job}`)
    expect(record.notes.diagnose).toBe("异响，已录音")
})
