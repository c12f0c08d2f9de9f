/** What a take-back receipt must say, and how it may end. */
import type { Broken } from "../gate.ts"
import type { EntryId } from "../id.ts"
import { outOf } from "../out.ts"
import { type HandBack, isFilled, type JobRecord, type TakeBack } from "../record.ts"
import { handBackFits, kindsOf, receiptFits } from "../take_back.ts"
import { broken, name, reason, strokes, unless } from "./entry.ts"
import { dateOf } from "./field.ts"

const DAY_MS = 86_400_000

/** All of it stated, dates that can be, and the customer's hand under exactly these words. Who does not sign keeps their product. */
export function takeBack(record: JobRecord, receipt: TakeBack): Broken[] {
    const { product, condition, computer, loaner, model, serial, accessories } = receipt
    const needed = [product, condition, ...(computer ? [computer.configuration] : []), ...(loaner ? [loaner.name] : [])]
    return [
        ...unless(
            needed.every(isFilled),
            "value_unfit",
            "凭证要写明取走的物品和取走时状况；电脑要写明配置，提供周转机的要写明是什么。",
            "A receipt says what is taken and in which condition; of a computer its configuration, of a loaner what it is.",
        ),
        ...oneLine([...needed, model, serial, accessories, loaner?.serial]),
        ...dates(receipt),
        ...unless(
            receiptFits(record, receipt),
            "receipt_changed",
            "凭证文字与所填内容不符，请重新打开后再请客户签字。",
            "The receipt's words are not what was filled in; open it again and have it signed anew.",
        ),
        ...name(receipt.name),
        ...strokes(receipt.strokes),
    ]
}

/** What is broken over several lines could pass for another line of the receipt. */
function oneLine(said: (string | null | undefined)[]): Broken[] {
    const isPlain = said.every((text) => !/\p{Cc}/u.test(text ?? ""))
    return unless(
        isPlain,
        "value_unfit",
        "凭证的每项内容请写在一行内。",
        "Each thing on a receipt is said in one line.",
    )
}

/** Taken on the day of the signature, give or take the calendar's difference, and promised for no earlier day. */
function dates({ at, taken_on, return_on }: TakeBack): Broken[] {
    const [taken, back] = [dateOf(taken_on), dateOf(return_on)]
    const signed = Date.parse(`${at.slice(0, 10)}T00:00:00Z`)
    return [
        ...unless(
            taken !== undefined && Math.abs(taken.getTime() - signed) <= DAY_MS,
            "value_unfit",
            "取走日期应为签字当天，写成 2026-03-02。",
            "It is taken on the day of the signature, written as in 2026-03-02.",
        ),
        ...unless(
            back !== undefined && (taken === undefined || back >= taken),
            "value_unfit",
            "约定归还日期应写成 2026-03-02，且不早于取走日期。",
            "The day of return is written as in 2026-03-02, and is not before the day it is taken.",
        ),
    ]
}

/** Ends a receipt that is there, in what is still open of it, under exactly its words: with the customer's hand, or the reason why not. */
export function handBack(record: JobRecord, id: EntryId, end: HandBack): Broken[] {
    if (!record.take_backs[end.receipt]) {
        const zh = "找不到这张拉修凭证，请重新选择。"
        return [broken("receipt_unknown", zh, "There is no such take-back receipt; choose it again.")]
    }
    return [
        ...unless(
            kindsOf(outOf(record, end.receipt, id)).includes(end.kind),
            "receipt_ended",
            "此拉修凭证所列物品已交还，不能再次交还。",
            "What this receipt is for is back already; it can't be handed back again.",
        ),
        ...unless(
            isFilled(end.condition),
            "value_unfit",
            "请写明交还时状况。",
            "Say in which condition it was handed over.",
        ),
        ...oneLine([end.condition]),
        ...unless(
            handBackFits(record, end),
            "receipt_changed",
            "交还确认的文字与所填内容不符，请重新打开后再请客户签字。",
            "The words are not what was filled in; open it again and have it signed anew.",
        ),
        ...name(end.name),
        ...(end.strokes == null ? reason(end.reason) : strokes(end.strokes)),
    ]
}
