/** What an entry must be, whatever came before it. */
import { backupFits } from "../backup.ts"
import { acceptedQuote, accepts, dueMinor, validConsents, withdrawalOf } from "../bill.ts"
import type { Broken, Rule } from "../gate.ts"
import type { EntryId } from "../id.ts"
import { QUOTE_LINE, toJson, WARRANTY } from "../json.ts"
import { type Currency, moneyText } from "../money.ts"
import { type BadQuote, badQuote } from "../price.ts"
import {
    type BackupConsent,
    type Charge,
    type Consent,
    type Correction,
    type How,
    type JobRecord,
    type LaterRating,
    type Payment,
    type Play,
    type Quote,
    type Rating,
    type Reading,
    type Refusal,
    type SetUp,
    type SignOff,
    type Strokes,
    type Waiver,
    type Withdrawal,
    isFilled,
} from "../record.ts"
import { type Template, stepOf, WHOLE_VISIT } from "../template.ts"
import { count, dateOf, unfit } from "./field.ts"
import { int64 } from "./number.ts"

/** Names of the two counts of tools; where nothing was counted out, nothing is compared. */
export const TOOLS_OUT = "tools_out"
export const TOOLS_IN = "tools_in"

/** Lines of one quote. */
const QUOTE_LINES_MAX = 100
/** Heads that one signature may name. */
const COVERS_MAX = 64

export function broken(rule: Rule, zh: string, en: string, step: string | null = null): Broken {
    return { rule, step, zh, en }
}

/** A list that holds the broken rule unless `holds`. */
export function unless(holds: boolean, rule: Rule, zh: string, en: string): Broken[] {
    return holds ? [] : [broken(rule, zh, en)]
}

export function step(template: Template, id: string): Broken[] {
    const zh = `本工单的流程没有“${id}”这一步。`
    return unless(stepOf(template, id) !== undefined, "step_unknown", zh, `This job's checklist has no step "${id}".`)
}

/** A note or a photo may also stand for the visit as a whole: a phone that has no checklist yet knows no step. */
export function notePlace(template: Template, place: string): Broken[] {
    return place === WHOLE_VISIT ? [] : step(template, place)
}

export function play(template: Template, play: Play): Broken[] {
    const found = stepOf(template, play.step)
    if (!found) return step(template, play.step)
    if (found.plays?.some((known) => known.id === play.play)) return []
    const zh = `“${found.name.zh}”这一步没有这种情况，请从列表中选择。`
    return [broken("step_unknown", zh, `"${found.name.en}" has no such case; choose one from its list.`, play.step)]
}

/**
 * What the checklist counts is a whole number. Every other reading is as its instrument shows it, and a name that no step asks for is the
 * technician's own: a measure more than was asked is welcome, and there is nothing to hold it against.
 */
export function reading(template: Template, reading: Reading): Broken[] {
    const asked = template.steps.flatMap((step) => step.evidence ?? [])
    const isCounted =
        reading.name === TOOLS_OUT ||
        reading.name === TOOLS_IN ||
        asked.some((evidence) => evidence.kind === "count" && evidence.name === reading.name)
    const found = step(template, reading.step)
    const counted = count(reading.value)
    if (!isCounted || (counted !== undefined && counted >= 0n)) return found
    return [...found, broken("value_unfit", "数量请填整数。", "A count is a whole number.", reading.step)]
}

export function correction({ field, value }: Correction): Broken[] {
    const said = unfit(field, value)
    return said ? [broken("value_unfit", ...said)] : []
}

export function reason(text: string | null | undefined): Broken[] {
    return unless(isFilled(text), "reason_missing", "请填写原因。", "Say why; this needs a reason.")
}

export function quote(record: JobRecord, quote: Quote): Broken[] {
    const lines = Object.keys(quote.lines).length
    const found = [
        ...currency(record, quote.currency),
        ...arithmetic(quote),
        ...unless(
            lines <= QUOTE_LINES_MAX,
            "quote_arithmetic",
            `一张报价最多${QUOTE_LINES_MAX}项，请分开报价。`,
            `A quote has ${QUOTE_LINES_MAX} lines at most; split it.`,
        ),
        ...unless(
            Object.values(quote.lines).every((line) => line.setup == null || isDated(line.setup)),
            "value_unfit",
            "软件调试免费或收费，须写明安装日期和起收日期。",
            "Set-up of software is free or charged by dates: say when it was installed, and from when it is charged.",
        ),
        ...(quote.of != null ? picked(record, quote, quote.of) : []),
    ]
    if (quote.warranty.kind === "rework") {
        const zh = "因我方维修质量返修不得收费，总价应为0。"
        const en = "Rework caused by our own repair is never charged; the total must be 0."
        found.push(...unless(quote.total_minor === 0, "quote_arithmetic", zh, en))
    }
    // What was picked has the terms of what was shown, which were judged when that was offered.
    if (quote.warranty.kind !== "none" && quote.of == null) found.push(...reason(quote.warranty.reason))
    return found
}

function isDated({ term, installed_on, charged_from }: SetUp): boolean {
    if (term === "unknown") return true
    const [installed, charged] = [dateOf(installed_on ?? ""), dateOf(charged_from ?? "")]
    return installed !== undefined && charged !== undefined && installed < charged
}

const BAD_QUOTE: { [bad in BadQuote]: [zh: string, en: string] } = {
    empty: ["报价至少要有一项。", "A quote needs at least one line."],
    line: [
        "报价中有一项的金额不等于单价乘数量，请重新计算。",
        "A line's amount is not unit price times quantity; work it out again.",
    ],
    total: ["总价不等于各项之和，请重新计算。", "The total is not the sum of the lines; add it up again."],
}

function arithmetic(quote: Quote): Broken[] {
    const bad = badQuote(quote)
    return bad === undefined ? [] : [broken("quote_arithmetic", ...BAD_QUOTE[bad])]
}

/** What the customer picked from an offer holds its lines as they were shown, under the same terms. */
function picked(record: JobRecord, quote: Quote, of: EntryId): Broken[] {
    const shown = record.quotes[of]
    if (!shown) return unknownQuote()
    if (withdrawalOf(record, of)) return takenBack()
    const sameTerms =
        quote.currency === shown.currency &&
        quote.price_list === shown.price_list &&
        toJson(WARRANTY, quote.warranty) === toJson(WARRANTY, shown.warranty) &&
        (quote.option ?? null) === (shown.option ?? null)
    const asShown = Object.entries(quote.lines).every(([number, line]) => {
        const there = shown.lines[number]
        return there !== undefined && toJson(QUOTE_LINE, line) === toJson(QUOTE_LINE, there)
    })
    const zh = "客户所选的项目与出示的报价不一致，请按出示的报价重新选择。"
    const en = "What was picked is not as it was shown; choose again from the lines of the quote."
    return unless(sameTerms && asShown, "quote_changed", zh, en)
}

function takenBack(): Broken[] {
    const zh = "此报价已撤回，不能再请客户认可；请重新报价。"
    return [broken("quote_withdrawn", zh, "This quote was withdrawn; nobody can accept it. Make a new one.")]
}

/** Technicians take back what they offered themselves, the office whatever was offered; nobody what the customer has accepted. */
export function withdrawal(record: JobRecord, withdrawal: Withdrawal): Broken[] {
    const quote = record.quotes[withdrawal.quote]
    if (!quote) return unknownQuote()
    const isTechnician = Object.values(record.assignments).some(({ technician }) => technician === withdrawal.by)
    const isAccepted = validConsents(record).some(([, consent]) => consent.quote === withdrawal.quote)
    return [
        ...reason(withdrawal.reason),
        ...unless(
            !isTechnician || quote.by === withdrawal.by,
            "not_yours",
            "只能撤回自己做的报价；他人的报价请联系客服撤回。",
            "You can withdraw your own quotes; call the desk about somebody else's.",
        ),
        ...unless(
            !isAccepted,
            "quote_accepted",
            "客户已认可此报价，不能撤回；要改价请重新报价，并请客户认可。",
            "The customer has accepted this quote, so it can't be withdrawn; make a new one for them to accept.",
        ),
    ]
}

export function consent(record: JobRecord, consent: Consent): Broken[] {
    const quote = record.quotes[consent.quote]
    if (!quote) return unknownQuote()
    if (withdrawalOf(record, consent.quote)) return takenBack()
    const zh = "报价与客户看到的不一致，请重新出示报价再请客户认可。"
    const en = "The quote is not the one that was shown; show it again and ask for consent again."
    const found = [
        ...unless(accepts(consent, quote), "quote_changed", zh, en),
        ...arithmetic(quote),
        ...(consent.shown?.some((id) => !record.quotes[id]) ? unknownQuote() : []),
        ...name(consent.name),
        ...witness(consent),
    ]
    const drawn = consent.how === "phone_screen" || consent.strokes != null
    return drawn ? [...found, ...strokes(consent.strokes)] : found
}

/** A signature for exactly the words that the quote's work asks for. Nobody gives it on the phone to the desk. */
export function backup(record: JobRecord, backup: BackupConsent): Broken[] {
    const quote = record.quotes[backup.quote]
    if (!quote) return unknownQuote()
    if (withdrawalOf(record, backup.quote)) return takenBack()
    const zh = "数据备份确认的内容与所报项目不符，请重新打开后再请客户签字。"
    const en = "The backup consent does not fit the work that was quoted; open it again and have it signed anew."
    // On the customer's own device a typed name will do, as under the sheet: the link says whose it is.
    const drawn = backup.how !== "link" || backup.strokes != null
    return [
        ...unless(backupFits(record, backup, quote), "quote_changed", zh, en),
        ...name(backup.name),
        ...witness(backup),
        ...(drawn ? strokes(backup.strokes) : []),
    ]
}

/** A consent names the staff member who was there, or the link that it came by, never both. */
function witness({ how, by, link }: { how: How; by?: string | null; link?: string | null }): Broken[] {
    const fits = how === "link" ? link != null && by == null : by != null && link == null
    const zh = "确认方式与经办人不符：当面或电话确认须有员工姓名，链接确认须有链接。"
    const en = "How it was given does not fit who took it: name the staff member present, or the customer's link."
    return unless(fits, "signature_missing", zh, en)
}

export function waiver(record: JobRecord, waiver: Waiver): Broken[] {
    const quote = record.quotes[waiver.quote]
    if (!quote) return unknownQuote()
    const inRange = waiver.minor >= 1 && waiver.minor <= quote.total_minor
    const zh = "减免金额须大于0且不超过报价总额。"
    const en = "A waiver is more than 0 and at most the quote's total."
    return [...reason(waiver.reason), ...unless(inRange, "amount_out_of_range", zh, en)]
}

export function charge(record: JobRecord, charge: Charge): Broken[] {
    return [...currency(record, charge.currency), ...agreed(record, charge.quote, charge.due_minor)]
}

/** The charge equals the accepted quote less what was waived. */
export function agreed(record: JobRecord, quote: EntryId, due: number): Broken[] {
    const accepted = acceptedQuote(record)?.[0]
    if (accepted === undefined) {
        const zh = "没有客户认可的有效报价，不能填写收费。请先请客户认可报价。"
        return [broken("charge_agreed", zh, "No accepted quote is in force; get the customer's consent first.")]
    }
    const owed = dueMinor(record) ?? 0
    const money = moneyText(owed, record.meta.currency)
    const zh = `收费须与客户认可的报价一致：应收 ${money}。`
    const en = `The charge must equal the accepted quote: ${money} is due.`
    return unless(accepted === quote && owed === due, "charge_agreed", zh, en)
}

export function payment(record: JobRecord, payment: Payment): Broken[] {
    const paid = unless(payment.minor > 0, "amount_out_of_range", "收款金额须大于0。", "A payment is more than 0.")
    return [...currency(record, payment.currency), ...paid]
}

/** The form of a signature, or of its refusal. */
export function signOff(signOff: SignOff): Broken[] {
    const covers = signOff.covers.length >= 1 && signOff.covers.length <= COVERS_MAX
    const zh = "签字没有注明所确认的内容，请重新打开任务单再签。"
    const en = "The signature does not say what it covers; open the sheet again and sign."
    const found = unless(covers, "covers_nothing", zh, en)
    if (signOff.kind === "declined") {
        found.push(...reason(signOff.reason))
    } else {
        found.push(...name(signOff.name))
        // On the customer's own device a typed name will do: the link says whose it is.
        if (signOff.how === "phone_screen" || signOff.strokes != null) found.push(...strokes(signOff.strokes))
    }
    return signOff.rating ? [...found, ...rating(signOff.rating)] : found
}

export function refusal(record: JobRecord, refusal: Refusal): Broken[] {
    return record.quotes[refusal.quote] ? reason(refusal.reason) : unknownQuote()
}

/** Marks without a signature: at least one of them. */
export function laterRating(later: LaterRating): Broken[] {
    const given = later.rating.quality ?? later.rating.attitude
    const some = unless(given != null, "rating_out_of_range", "请至少选择一项评分。", "Give at least one mark.")
    return [...rating(later.rating), ...some]
}

function rating({ quality, attitude }: Rating): Broken[] {
    const inRange = [quality, attitude].every((marks) => marks == null || (marks >= 1 && marks <= 5))
    return unless(inRange, "rating_out_of_range", "评分为1至5分。", "A rating is from 1 to 5.")
}

export function strokes(strokes: Strokes | null | undefined): Broken[] {
    const zh = "请客户在屏幕上签字。"
    return unless(strokesOf(strokes) !== undefined, "signature_missing", zh, "Ask the customer to sign on the screen.")
}

/** Points by stroke, each x and y in pixels and t in milliseconds; none where the text has another form. */
export function strokesOf(text: Strokes | null | undefined): number[][][] | undefined {
    const strokes = text?.split("|").map((stroke) => stroke.split(" ").map((point) => point.split(",")))
    const isPoint = (point: string[]) => point.length === 3 && point.every((number) => int64(number) !== undefined)
    if (!strokes?.flat().every(isPoint)) return undefined
    return strokes.map((stroke) => stroke.map((point) => point.map(Number)))
}

export function name(name: string): Broken[] {
    return unless(isFilled(name), "name_missing", "请填写客户姓名。", "Fill in the customer's name.")
}

function currency(record: JobRecord, currency: Currency): Broken[] {
    const ours = record.meta.currency
    return unless(currency === ours, "currency", `本工单以${ours}计价。`, `This job is priced in ${ours}.`)
}

function unknownQuote(): Broken[] {
    return [broken("quote_unknown", "找不到这份报价，请重新选择。", "There is no such quote; choose it again.")]
}
