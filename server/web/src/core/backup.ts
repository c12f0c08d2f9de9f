/**
 * The backup consent (数据备份确认): before work that can destroy data, the customer signs what will be done, what may be lost, and whether there is a
 * copy. What they read is a function of the quote and of what they said, letter for letter the server's (`schema::backup`): who signed here has
 * signed the same words there.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import { acceptedQuote } from "./bill.ts"
import { isCurrent } from "./course.ts"
import type { EntryId, Hash } from "./id.ts"
import { quantityText } from "./place.ts"
import { type BackupConsent, type BackupCopy, entriesOf, type JobRecord, type Quote, type QuoteLine } from "./record.ts"

export type Language = "zh-CN" | "en"

export const COPIES: readonly BackupCopy[] = ["customer", "technician", "none"]

const SAID: { [copy in BackupCopy]: { [language in Language]: string } } = {
    customer: {
        "zh-CN": "我已自行备份需要保留的数据。",
        en: "I have made a copy myself of the data that I want to keep.",
    },
    technician: {
        "zh-CN": "服务工程师已为我备份需要保留的数据，我已核对。",
        en: "The technician has made a copy of the data that I want to keep, and I have checked it.",
    },
    none: {
        "zh-CN": "没有备份。我不需要保留设备上的数据，或自愿承担数据丢失的后果。",
        en: "There is no copy. I do not need the data on the device, or I accept that it may be lost.",
    },
}

/** Whether a copy was made and by whom, as the customer says it. */
export function saidOfCopy(copy: BackupCopy, language: Language): string {
    return SAID[copy][language]
}

/** The lines of a quote whose work can destroy data. */
export function riskyLines(quote: Quote): QuoteLine[] {
    return entriesOf(quote.lines)
        .map(([, line]) => line)
        .filter((line) => line.risk === "data")
}

/** What will be done, in a line; empty where nothing in the quote can destroy data. */
export function workText(quote: Quote, language: Language): string {
    const [comma, open, close] = language === "en" ? ["; ", " (", ")"] : ["；", "（", "）"]
    const work = (line: QuoteLine) => `${line.name}${open}${quantityText(line.quantity_milli)} ${line.unit}${close}`
    return riskyLines(quote).map(work).join(comma)
}

/** What the customer reads before they sign; none where the quote has no work that can destroy data. */
export function backupText(number: string, quote: Quote, copy: BackupCopy, language: Language): string | undefined {
    if (riskyLines(quote).length === 0) return undefined
    const [work, said] = [workText(quote, language), saidOfCopy(copy, language)]
    return language === "en"
        ? `Backup consent\nJob: ${number}\nWhat will be done: ${work}.\nWhat may be lost: all data on the device, such as files, photos, messages, installed programs and their settings; it may be impossible to recover.\nBackup: ${said}\nI have read this and agree to the work.`
        : `数据备份确认\n工单：${number}\n将进行的操作：${work}。\n可能的后果：设备上保存的全部数据都可能丢失，包括文件、照片、聊天记录、已安装的软件及其设置，且可能无法恢复。\n数据备份：${said}\n我已阅读以上内容，同意进行上述操作。`
}

/** The hash of what was shown: SHA-256 of the text in UTF-8. */
export function textHash(text: string): Hash {
    return bytesToHex(sha256(utf8ToBytes(text)))
}

/** Whether the consent's text is what this quote's customer has to read, to the letter. */
export function backupFits(record: JobRecord, backup: BackupConsent, quote: Quote): boolean {
    const text = backupText(record.meta.number, quote, backup.copy, backup.language)
    return text === backup.text && textHash(backup.text) === backup.text_hash
}

/**
 * The quote that the customer accepted, where its work can destroy data and they have not signed yet that they know. A quote made anew needs no
 * second signature as long as what can destroy data is the same; a job that was opened again does.
 */
export function backupWanted(record: JobRecord): [EntryId, Quote] | undefined {
    const accepted = acceptedQuote(record)
    if (!accepted || riskyLines(accepted[1]).length === 0) return undefined
    const holds = (backup: BackupConsent) => isCurrent(record, backup.at) && backupFits(record, backup, accepted[1])
    return Object.values(record.backup_consents).some(holds) ? undefined : accepted
}
