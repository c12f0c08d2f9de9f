/**
 * Places of a record and what stands there, in the field's words: for whoever reads what was refused, or what two people wrote at once, and does not
 * think in paths. Letter for letter the server's words, which the office reads of the same thing.
 */
import { saidOfCopy } from "./backup.ts"
import type { Currency } from "./money.ts"
import { moneyText } from "./money.ts"
import type * as record from "./record.ts"
import { saidOfKind } from "./take_back.ts"
import { type Bilingual, type Template, stepOf, WHOLE_VISIT } from "./template.ts"

const ENTRIES: { [map: string]: [zh: string, en: string] } = {
    corrections: ["报修信息更正", "a correction of the report"],
    assignments: ["派工", "the assignment"],
    assigned: ["派工", "the assignment"],
    decisions: ["工单处理决定", "a decision about the job"],
    holds: ["挂起", "a wait"],
    releases: ["解除挂起", "the end of a wait"],
    delays: ["晚到告知", "word of a delay"],
    replies: ["客户对晚到的答复", "what the customer says to a delay"],
    site: ["客户位置", "where the customer is"],
    photos: ["照片", "a photo"],
    readings: ["读数", "a reading"],
    plays: ["突发情况", "something that happened"],
    parts: ["配件", "a part"],
    quotes: ["报价", "a quote"],
    withdrawals: ["撤回报价", "the withdrawal of a quote"],
    consents: ["客户认可", "the customer's consent"],
    backup_consents: ["数据备份确认", "the backup consent"],
    take_backs: ["拉修凭证", "a take-back receipt"],
    hand_backs: ["交还确认", "a hand-back"],
    waivers: ["减免", "a waiver"],
    charges: ["收费", "the charge"],
    payments: ["收款", "a payment"],
    sign_offs: ["客户签字", "the customer's signature"],
    refusals: ["客户不认可", "the customer's refusal"],
    ratings: ["客户评价", "the customer's marks"],
    alarms: ["紧急求助", "a call for help"],
    breaches: ["超时原因", "why a clock was missed"],
    rulings: ["主管认定", "the supervisor's ruling"],
    adoptions: ["补录处理", "what became of work not taken over"],
    rework: ["返修认定", "the finding of rework"],
    meta: ["工单基本信息", "what the job was opened with"],
    report: ["报修信息", "the report"],
}

const MARKS: { [kind in record.MarkKind]: [zh: string, en: string] } = {
    done: ["完成", "done"],
    skipped: ["跳过", "skipped"],
    not_applicable: ["不适用", "not applicable"],
    failed: ["未通过", "failed"],
    open: ["撤回", "taken back"],
}

const REPLIES: { [kind in record.ReplyKind]: [zh: string, en: string] } = {
    told: ["已告知客户", "the customer was told"],
    seen: ["客户已打开页面", "the customer opened their page"],
    agreed: ["客户同意新时间", "the customer agrees to the new time"],
    someone_else: ["客户要求换人", "the customer wants somebody else"],
}

const DECISIONS: { [kind in record.DecisionKind]: [zh: string, en: string] } = {
    solved_remotely: ["电话解决", "solved remotely"],
    cancelled: ["取消", "cancelled"],
    reopened: ["重新打开", "re-opened"],
    closed: ["结单", "closed"],
    proved: ["验证通过", "proved"],
}

/** What a step is called: as the checklist has it, where that is at hand, else by its id. */
export function stepName(id: string, template?: Template): Bilingual {
    if (id === WHOLE_VISIT) return both("整次上门", "the visit as a whole")
    return (template && stepOf(template, id))?.name ?? { zh: id, en: id }
}

/** What the place is called. A step is named as the checklist names it, where that is at hand. */
export function placeName(path: string[], template?: Template): Bilingual {
    const [map = "", key = ""] = path
    const step = stepName(key, template)
    if (map === "marks") return { zh: `“${step.zh}”的勾选`, en: `the tick at "${step.en}"` }
    if (map === "notes") return { zh: `“${step.zh}”的备注`, en: `the note at "${step.en}"` }
    if (map === "diagnosis") return key === "cause" ? both("故障原因", "the cause") : both("维修措施", "the measures")
    return both(...(ENTRIES[map] ?? ["无法识别的内容", "what can't be read"]))
}

/** What stands there, as one would say it; as JSON where nobody says it better. The value is one of the record. */
export function placeWords(path: string[], value: unknown): Bilingual {
    if (value == null) return both("（空）", "(nothing)")
    if (typeof value === "string") return plain(value)
    return (typeof value === "object" ? wordsOf(path[0] ?? "", value) : undefined) ?? plain(JSON.stringify(value))
}

function wordsOf(map: string, value: object): Bilingual | undefined {
    switch (map) {
        case "marks":
            return markWords(value as record.Mark)
        case "readings": {
            const reading = value as record.Reading
            return plain(`${reading.name} ${reading.value} ${reading.unit}`)
        }
        case "parts": {
            const part = value as record.Part
            return plain(`${part.name} ×${quantityText(part.quantity_milli)}`)
        }
        case "quotes":
            return money((value as record.Quote).total_minor, (value as record.Quote).currency)
        case "charges":
            return money((value as record.Charge).due_minor, (value as record.Charge).currency)
        case "consents": {
            const consent = value as record.Consent
            const total = moneyText(consent.total_minor, consent.currency)
            return both(`${consent.name}认可${total}`, `${consent.name} accepts ${total}`)
        }
        case "backup_consents": {
            const { name, copy } = value as record.BackupConsent
            const [zh, en] = [saidOfCopy(copy, "zh-CN"), saidOfCopy(copy, "en")]
            return both(`${name}签字确认：${zh}`, `signed by ${name}: ${en}`)
        }
        case "take_backs":
            return takeBackWords(value as record.TakeBack)
        case "hand_backs":
            return handBackWords(value as record.HandBack)
        case "sign_offs":
            return signOffWords(value as record.SignOff)
        case "corrections":
            return plain((value as record.Correction).value)
        case "holds":
        case "alarms":
            return plain((value as record.Hold | record.Alarm).reason)
        case "withdrawals": {
            const { reason } = value as record.Withdrawal
            return both(`撤回报价：${reason}`, `the quote is withdrawn: ${reason}`)
        }
        case "plays":
            return plain((value as record.Play).note ?? (value as record.Play).play)
        case "replies":
            return replyWords(value as record.Reply)
        case "decisions":
            return both(...DECISIONS[(value as record.Decision).kind])
        default:
            return undefined
    }
}

function markWords(mark: record.Mark): Bilingual {
    const [zh, en] = MARKS[mark.kind]
    return mark.reason ? both(`${zh}（${mark.reason}）`, `${en} (${mark.reason})`) : both(zh, en)
}

function takeBackWords({ name, product, return_on: day, loaner }: record.TakeBack): Bilingual {
    return both(
        `${name}签字，取走${product}，约定${day}归还${loaner ? `，周转机：${loaner.name}` : ""}`,
        `signed by ${name}: ${product} is taken, to be returned on ${day}${loaner ? `; loaner: ${loaner.name}` : ""}`,
    )
}

function handBackWords({ kind, name, strokes, reason }: record.HandBack): Bilingual {
    const [zh, en] = [saidOfKind(kind, kind !== "product", "zh-CN"), saidOfKind(kind, kind !== "product", "en")]
    if (strokes == null && reason != null) return both(`${zh}未签字：${reason}`, `${en} Not signed: ${reason}`)
    return both(`${zh}${name}签字`, `${en} Signed by ${name}`)
}

function replyWords({ kind, note }: record.Reply): Bilingual {
    const [zh, en] = REPLIES[kind]
    return note ? both(`${zh}（${note}）`, `${en} (${note})`) : both(zh, en)
}

function signOffWords({ kind, name, reason }: record.SignOff): Bilingual {
    if (kind === "signed") return both(`${name}签字`, `signed by ${name}`)
    return both(`${name}拒签：${reason ?? ""}`, `${name} declined to sign: ${reason ?? ""}`)
}

/** Thousandths as people write them: `1.5`, `2`. */
export function quantityText(milli: number): string {
    const [sign, size] = [milli < 0 ? "-" : "", Math.abs(milli)]
    const part = `${size % 1_000}`.padStart(3, "0").replace(/0+$/, "")
    return `${sign}${Math.floor(size / 1_000)}${part === "" ? "" : `.${part}`}`
}

function both(zh: string, en: string): Bilingual {
    return { zh, en }
}

function plain(text: string): Bilingual {
    return { zh: text, en: text }
}

function money(minor: number, currency: Currency): Bilingual {
    return plain(moneyText(minor, currency))
}
