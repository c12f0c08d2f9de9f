/**
 * The take-back receipt (拉修凭证) and how it ends, letter for letter as `schema::take_back` in the server's source has it: who signed here has signed
 * the same words there. A receipt is open while the product is with us or the loaner with the customer.
 */
import { textHash, type Language } from "./backup.ts"
import { lastingHolds } from "./course.ts"
import type { EntryId } from "./id.ts"
import { type BackupCopy, byTime, entriesOf, type HandBackKind, type JobRecord, type TakeBack } from "./record.ts"
import type { Schemas } from "./schemas.ts"
import { type Out, outAfter, outOf } from "./out.ts"

type Words = readonly [zh: string, en: string]
type HandBack = Schemas["HandBack"]
type Erasure = Schemas["Erasure"]

const COPIES: { [copy in BackupCopy]: Words } = {
    customer: ["我已自行备份需要保留的数据。", "I have made a copy of the data that I want to keep."],
    technician: [
        "服务工程师已为我备份需要保留的数据，我已核对。",
        "The technician has made a copy of the data that I want to keep, and I have checked it.",
    ],
    none: ["没有备份。", "There is no copy."],
}

const ERASURES: { [erasure in Erasure]: Words } = {
    allowed: ["维修需要时，可以清除设备上的数据。", "It may be erased where the repair needs it."],
    forbidden: ["未经我同意，不得清除设备上的数据。", "It must not be erased without my consent."],
}

const HOME: Words = ["物品已交还客户。", "The customer has the product back."]
const KINDS: { [kind in HandBackKind]: Words } = {
    product: [
        "物品已交还客户；本次未收回周转机。",
        "The customer has the product back; the loaner was not handed in this time.",
    ],
    both: ["物品已交还客户；周转机已收回。", "The customer has the product back, and handed in the loaner."],
    loaner: ["周转机已收回。", "The customer handed in the loaner."],
}

function pick([zh, en]: Words, language: Language): string {
    return language === "en" ? en : zh
}

/** Whether there is a copy of the data, as the customer says it. */
export function saidOfTakenCopy(copy: BackupCopy, language: Language): string {
    return pick(COPIES[copy], language)
}

export function saidOfErasure(erasure: Erasure, language: Language): string {
    return pick(ERASURES[erasure], language)
}

/** Which of the two went home. */
export function saidOfKind(kind: HandBackKind, lent: boolean, language: Language): string {
    return pick(kind === "product" && !lent ? HOME : KINDS[kind], language)
}

/** A thing with its model and number, as one says it. */
function thing(
    name: string,
    model: string | null | undefined,
    serial: string | null | undefined,
    lang: Language,
): string {
    const say = (words: Words, value: string | null | undefined) => (value == null ? "" : pick(words, lang) + value)
    return `${name}${say(["，型号 ", ", model "], model)}${say(["，机身编号 ", ", serial number "], serial)}`
}

/** What was taken, in a line. */
export function productText({ product, model, serial }: TakeBack, language: Language): string {
    return thing(product, model, serial, language)
}

/** What was lent, in a line; none where nothing was. */
export function loanerText({ loaner }: TakeBack, language: Language): string | undefined {
    return loaner == null ? undefined : thing(loaner.name, null, loaner.serial, language)
}

/** A title, lines of a label and what it says, and a sentence. */
function written(language: Language, title: Words, lines: [Words, string | undefined][], end: Words): string {
    const said = lines.flatMap(([label, value]) =>
        value === undefined ? [] : [`${pick(label, language)}${language === "en" ? ": " : "："}${value}`],
    )
    return [pick(title, language), ...said, pick(end, language)].join("\n")
}

/** What the customer reads before they sign that it is taken. */
export function receiptText(number: string, receipt: TakeBack, language: Language): string {
    const { computer, loaner } = receipt
    const none = pick(["无", "none"], language)
    const end: Words =
        loaner == null
            ? [
                  "以上内容属实。我同意将上述物品交由服务工程师带回维修。",
                  "This is right. I agree that the technician takes it away for repair.",
              ]
            : [
                  "以上内容属实。我同意将上述物品交由服务工程师带回维修，并在物品归还时交回周转机。",
                  "This is right. I agree that the technician takes it away for repair, and I hand the loaner back when it is returned.",
              ]
    const lines: [Words, string | undefined][] = [
        [["工单", "Job"], number],
        [["取走日期", "Taken on"], receipt.taken_on],
        [["取走物品", "What is taken"], productText(receipt, language)],
        [["随机附件", "Accessories"], receipt.accessories ?? none],
        [["取走时状况", "Condition"], receipt.condition],
        [["电脑配置", "Configuration"], computer?.configuration],
        [["数据备份", "Backup"], computer ? saidOfTakenCopy(computer.copy, language) : undefined],
        [["数据处理", "Data"], computer ? saidOfErasure(computer.erasure, language) : undefined],
        [["周转机", "Loaner"], loanerText(receipt, language) ?? pick(["未提供", "none"], language)],
        [["约定归还日期", "To be returned on"], receipt.return_on],
    ]
    return written(language, ["拉修凭证", "Take-back receipt"], lines, end)
}

/** What the customer reads when it comes back. */
export function handBackText(number: string, receipt: TakeBack, end: HandBack, language: Language): string {
    const lines: [Words, string | undefined][] = [
        [["工单", "Job"], number],
        [["拉修凭证日期", "Receipt of"], receipt.taken_on],
        [["物品", "Product"], productText(receipt, language)],
        [["周转机", "Loaner"], loanerText(receipt, language)],
        [["本次交还", "Handed over"], saidOfKind(end.kind, receipt.loaner != null, language)],
        [["交还时状况", "Condition"], end.condition],
    ]
    return written(language, ["交还确认", "Hand-back"], lines, ["以上内容属实。", "This is right."])
}

/** Whether the receipt's text is what it has to say, to the letter. */
export function receiptFits(record: JobRecord, receipt: TakeBack): boolean {
    const { text, text_hash, language } = receipt
    return textHash(text) === text_hash && receiptText(record.meta.number, receipt, language) === text
}

/** The same of a hand-back, whose receipt must be there. */
export function handBackFits(record: JobRecord, end: HandBack): boolean {
    const receipt = record.take_backs[end.receipt]
    if (!receipt || textHash(end.text) !== end.text_hash) return false
    return handBackText(record.meta.number, receipt, end, end.language) === end.text
}

/** What a hand-back can be about now, what ends most first. */
export function kindsOf({ product, loaner }: Out): HandBackKind[] {
    if (product) return loaner ? ["both", "product", "loaner"] : ["product"]
    return loaner ? ["loaner"] : []
}

/** Receipts whose product or loaner is still out, oldest first. */
export function openReceipts(record: JobRecord): [EntryId, TakeBack][] {
    return byTime(entriesOf(record.take_backs)).filter(([id]) => kindsOf(outOf(record, id)).length > 0)
}

/** The job waits in the workshop, and nobody signed for anything that lies there: the technician owes the receipt. */
export function receiptOwed(record: JobRecord): boolean {
    const isAway = lastingHolds(record).some(([, hold]) => hold.kind === "workshop")
    return isAway && !Object.keys(record.take_backs).some((id) => outOf(record, id).product)
}

/** Where a receipt's things were when the sheet was made. */
export function outOfSheet(sheet: Schemas["Sheet"], id: EntryId): Out {
    const taken = sheet.take_backs?.[id]
    if (!taken) return { product: false, loaner: false }
    const ended = Object.values(sheet.hand_backs ?? {}).filter(({ receipt }) => receipt === id)
    return outAfter(
        taken.loaner != null,
        ended.map(({ kind }) => kind),
    )
}
