/** The sheet as plain text, one fact a line, for print and for whoever reads it aloud: letter for letter as the server writes it. */
import { saidOfCopy } from "../backup.ts"
import { REPORT_FIELDS } from "../course.ts"
import { moneyText } from "../money.ts"
import { quantityText } from "../place.ts"
import { entriesOf, type ReportField, type SetUp, type WarrantyKind } from "../record.ts"
import type { Schemas } from "../schemas.ts"
import { saidOfSetUp } from "../setup.ts"
import type { Sheet } from "../sheet.ts"
import { outOfSheet, saidOfKind } from "../take_back.ts"
import type { Bilingual } from "../template.ts"
import type { Timestamp } from "../time.ts"

type Language = "zh-CN" | "en"
type Words = readonly [zh: string, en: string]

/** A field's name in Chinese and in English. */
export const FIELD_NAMES: { [field in ReportField]: Words } = {
    name: ["客户姓名", "Customer"],
    phone: ["电话", "Phone"],
    address: ["地址", "Address"],
    fault: ["故障现象", "Fault as reported"],
    product: ["产品", "Product"],
    model: ["型号", "Model"],
    serial: ["机身编号", "Serial number"],
    purchased_on: ["购买日期", "Purchased"],
    wanted: ["希望上门时间", "Wanted time"],
    urgency: ["紧急程度", "Urgency"],
    skill: ["所需技能", "Skill"],
    area: ["部位", "Area"],
}

/** The closed words among the report's values, as people say them. */
const SAID: { [word: string]: Words } = {
    urgent: ["急修", "urgent"],
    general: ["一般维修", "general"],
    own: ["自用部位", "the customer's own part"],
    shared: ["公共部位", "shared part"],
}

const MARKS = {
    done: ["完成", "done"],
    skipped: ["跳过", "skipped"],
    not_applicable: ["不适用", "not applicable"],
    failed: ["未通过", "failed"],
    open: ["未做", "open"],
} as const

const OLD_PARTS = {
    returned: ["旧件带回", "old part returned"],
    left_with_customer: ["旧件留给客户", "old part left with the customer"],
    none: ["无旧件", "no old part"],
} as const

const ITEMS = { labour: ["人工", "labour"], part: ["配件", "part"], fee: ["费用", "fee"] } as const

const WARRANTIES: { [kind in WarrantyKind]: Words | undefined } = {
    none: undefined,
    product: ["产品保修", "product warranty"],
    repair: ["维修保修", "repair warranty"],
    rework: ["返修免费", "rework, free of charge"],
}

const HOWS = {
    phone_screen: ["现场签字", "signed on site"],
    link: ["客户链接确认", "by the customer's link"],
    desk_call: ["客服电话确认", "by a call from the desk"],
} as const

function saidOf(say: (language: Language) => string): Words {
    return [say("zh-CN"), say("en")]
}

/** How one language writes a page, with times as the customer's clock shows them. */
class Page {
    private readonly lines: string[] = []
    private readonly clock: Intl.DateTimeFormat
    private readonly language: Language

    constructor(language: Language, zone: string) {
        const day = { year: "numeric", month: "2-digit", day: "2-digit" } as const
        const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const
        this.clock = new Intl.DateTimeFormat("en", { ...day, ...time, timeZone: zone })
        this.language = language
    }

    pick([zh, en]: Words): string {
        return this.language === "en" ? en : zh
    }

    name({ zh, en }: Bilingual): string {
        return this.pick([zh, en])
    }

    /** In brackets, as the language writes them. */
    aside(text: string): string {
        return this.pick([`（${text}）`, ` (${text})`])
    }

    title(words: Words): void {
        this.lines.push("", `【${this.pick(words)}】`)
    }

    line(label: Words, value: string): void {
        this.lines.push(`${this.pick(label)}${this.pick(["：", ": "])}${value}`)
    }

    row(text: string): void {
        this.lines.push(`  ${text}`)
    }

    plain(text: string): void {
        this.lines.push(text)
    }

    time(at: Timestamp): string {
        const parts = new Map(this.clock.formatToParts(new Date(at)).map(({ type, value }) => [type, value]))
        const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? ""
        return `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")}`
    }

    text(): string {
        return `${this.lines.join("\n")}\n`
    }
}

/** Plain text in one language; times as in the zone, as in `Asia/Shanghai`. */
export function sheetText(sheet: Sheet, language: Language, zone: string): string {
    const page = new Page(language, zone)
    head(page, sheet)
    visit(page, sheet)
    work(page, sheet)
    entriesOf(sheet.quotes).forEach(([id, offer]) => quote(page, sheet, offer, sheet.accepted === id))
    taken(page, sheet)
    money(page, sheet)
    return page.text()
}

function head(page: Page, sheet: Sheet): void {
    page.plain(`${page.pick(["维修服务任务单", "Service task sheet"])}  ${sheet.number}`)
    page.line(["报修时间", "Reported"], page.time(sheet.reported_at))
    const said = (value: string) => page.pick(SAID[value] ?? [value, value])
    for (const field of REPORT_FIELDS) {
        const { reported, corrected } = sheet.report[field] ?? {}
        const value = corrected ?? reported
        if (value == null) continue
        const both = corrected != null && reported != null
        const was = both ? page.aside(`${page.pick(["报修时为", "reported as"])} ${said(reported)}`) : ""
        page.line(FIELD_NAMES[field], `${said(value)}${was}`)
    }
    if (sheet.technician) page.line(["服务工程师", "Technician"], sheet.technician.name)
    if (sheet.window) {
        page.line(["预约时段", "Window"], `${page.time(sheet.window.from)} – ${page.time(sheet.window.to)}`)
    }
}

function visit(page: Page, sheet: Sheet): void {
    page.title(["服务过程", "The visit"])
    for (const { mark, name } of sheet.steps) {
        if (!mark) continue
        const done = `${page.time(mark.at)} · ${page.name(name)} · ${page.pick(MARKS[mark.kind])}`
        page.row(mark.reason == null ? done : `${done}${page.aside(mark.reason)}`)
    }
    for (const [, reading] of sheet.steps.flatMap((step) => entriesOf(step.readings))) {
        page.row(`${page.name(reading.label)} = ${reading.value} ${reading.unit}`.replace(/\p{White_Space}+$/u, ""))
    }
    const photos = sheet.steps.reduce((sum, step) => sum + step.photos.length, 0)
    if (photos > 0) page.line(["照片", "Photos"], `${photos}`)
}

function work(page: Page, sheet: Sheet): void {
    page.title(["故障与处理", "Fault and work"])
    if (sheet.cause != null) page.line(["故障原因", "Cause"], sheet.cause)
    if (sheet.measures != null) page.line(["维修措施", "Measures"], sheet.measures)
    for (const [, part] of entriesOf(sheet.parts)) {
        const serial = part.serial == null ? "" : ` SN ${part.serial}`
        const fitted = `${part.code} ${part.name} × ${quantityText(part.quantity_milli)}${serial}`
        page.line(["更换配件", "Part fitted"], `${fitted}, ${page.pick(OLD_PARTS[part.old_part])}`)
    }
}

function quote(page: Page, sheet: Sheet, quote: Schemas["SheetQuote"], accepted: boolean): void {
    const amount = (minor: number) => moneyText(minor, sheet.currency)
    const { withdrawn } = quote
    if (accepted) page.title(["报价（客户已认可）", "Quote (accepted)"])
    else if (withdrawn) page.title(["报价（已撤回）", "Quote (withdrawn)"])
    else page.title(["报价（未认可）", "Quote (not accepted)"])
    if (withdrawn) page.line(["撤回", "Withdrawn"], `${page.time(withdrawn.at)} · ${withdrawn.reason}`)
    if (quote.option != null) page.line(["方案", "Option"], quote.option)
    for (const [, line] of entriesOf(quote.lines)) {
        const kind = `${page.aside(page.pick(ITEMS[line.kind]))}${page.pick(["", " "])}`
        const price = `${amount(line.unit_minor)}/${line.unit} × ${quantityText(line.quantity_milli)}`
        page.row(`${line.name}${kind}${price} = ${amount(line.amount_minor)}`)
        if (line.setup) page.row(`  ${page.pick(saidOf((language) => saidOfSetUp(line.setup as SetUp, language)))}`)
        if (line.risk != null) page.row(`  ${page.pick(["此项操作可能造成数据丢失", "This work can destroy data"])}`)
    }
    const warranty = WARRANTIES[quote.warranty]
    if (warranty) page.line(["保修", "Warranty"], page.pick(warranty))
    page.line(["合计", "Total"], amount(quote.total_minor))
}

/** Where the loaner is. */
export function loanerIs(isOut: boolean): Words {
    return isOut ? ["在客户处，未收回", "with the customer"] : ["已收回", "handed in"]
}

function taken(page: Page, sheet: Sheet): void {
    const receipts = entriesOf(sheet.take_backs ?? {})
    if (receipts.length > 0) page.title(["拉修与周转机", "Taken for repair"])
    for (const [id, { product, taken_on, return_on, name, loaner }] of receipts) {
        const said: Words = [
            `${product} · ${taken_on} 取走，约定 ${return_on} 归还 · ${name}签字`,
            `${product} · taken ${taken_on}, to be returned ${return_on} · signed by ${name}`,
        ]
        page.line(["拉修凭证", "Take-back receipt"], page.pick(said))
        if (loaner) {
            const is = page.aside(page.pick(loanerIs(outOfSheet(sheet, id).loaner)))
            page.line(["周转机", "Loaner"], `${loaner.name}${is}`)
        }
        for (const [, end] of entriesOf(sheet.hand_backs ?? {})) {
            if (end.receipt !== id) continue
            const kind = page.pick(saidOf((language) => saidOfKind(end.kind, loaner != null, language)))
            const signed: Words =
                end.reason == null
                    ? [`签字人：${end.name}`, `signed by ${end.name}`]
                    : [`未签字：${end.reason}`, `not signed: ${end.reason}`]
            page.line(["交还", "Handed back"], `${page.time(end.at)} · ${kind} ${end.condition} · ${page.pick(signed)}`)
        }
    }
}

function money(page: Page, sheet: Sheet): void {
    const amount = (minor: number) => moneyText(minor, sheet.currency)
    page.title(["认可与收费", "Consent and charge"])
    for (const [, consent] of entriesOf(sheet.consents)) {
        if (!consent.valid) continue
        const how = `${page.pick(HOWS[consent.how])} · ${page.time(consent.at)} · ${amount(consent.total_minor)}`
        page.line(["客户认可", "Consent"], `${consent.name} · ${how}`)
    }
    for (const [, backup] of entriesOf(sheet.backup_consents ?? {})) {
        if (!backup.valid) continue
        const said = page.pick(saidOf((language) => saidOfCopy(backup.copy, language)))
        const how = `${page.pick(HOWS[backup.how])} · ${page.time(backup.at)} · ${said}`
        page.line(["数据备份确认", "Backup consent"], `${backup.name} · ${how}`)
    }
    for (const [, waiver] of entriesOf(sheet.waivers)) {
        page.line(["减免", "Waived"], `${amount(waiver.minor)}${page.aside(waiver.reason)}`)
    }
    const due = sheet.charged_minor ?? sheet.due_minor
    if (due != null) page.line(["应收", "Due"], amount(due))
    const months = sheet.warranty_months
    const term: Words = [`自完工之日起${months}个月`, `${months} months from completion`]
    page.line(["维修保修期", "Warranty on the repair"], page.pick(term))
}
