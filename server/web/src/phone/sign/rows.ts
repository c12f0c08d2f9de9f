/**
 * The service sheet in words: all that a signature covers, in the order of the paper. A test walks the sheet's shape, so that no field of it can
 * be signed unseen.
 */
import { REPORT_FIELDS } from "../../core/course.ts"
import { quantityText } from "../../core/place.ts"
import { entriesOf, type ReportField } from "../../core/record.ts"
import type { Schemas } from "../../core/schemas.ts"
import { saidOfSetUp } from "../../core/setup.ts"
import type { Sheet } from "../../core/sheet.ts"
import { outOfSheet, saidOfKind } from "../../core/take_back.ts"
import { momentText, windowText } from "../../design/dates.ts"
import { money } from "../../design/money.ts"
import { language, pick, words } from "../../words.ts"

/** One thing that the sheet says: what it is about, what stands there, what belongs to it; and what it costs. */
export interface Row {
    label: string
    value?: string
    notes?: string[]
    amount?: string
}

export interface Section {
    title: string
    rows: Row[]
    /** Below all else. */
    total?: Row
}

export function sectionsOf(sheet: Sheet): Section[] {
    return [report(sheet), visit(sheet), work(sheet), ...quotes(sheet), taken(sheet), charges(sheet)].filter(
        ({ rows }) => rows.length > 0,
    )
}

function report(sheet: Sheet): Section {
    const { sign: said, terms } = words.value
    const { technician, window } = sheet
    const fields = REPORT_FIELDS.flatMap((field): Row[] => {
        const { reported, corrected } = sheet.report[field] ?? {}
        const value = corrected ?? reported
        if (value == null) return []
        const was = corrected != null && reported != null ? [said.wasReported(inWords(field, reported))] : []
        return [{ label: terms.reportField[field], value: inWords(field, value), notes: was }]
    })
    const rows: Row[] = [
        { label: said.reportedAt, value: momentText(sheet.reported_at) },
        ...(sheet.rework_of == null ? [] : [{ label: said.rework, value: said.reworkText }]),
        ...fields,
        ...(technician ? [{ label: said.technician, value: technician.name }] : []),
        ...(window ? [{ label: said.window, value: windowText(window) }] : []),
    ]
    return { title: said.report, rows }
}

/** The closed words among the report's values, as people say them. */
function inWords(field: ReportField, value: string): string {
    const { urgency, area } = words.value.terms
    const closed: { [word: string]: string } = field === "urgency" ? urgency : field === "area" ? area : {}
    return closed[value] ?? value
}

function visit({ steps }: Sheet): Section {
    const { sign: said, terms, everywhere } = words.value
    const rows = steps.flatMap(({ name, mark, readings, photos }): Row[] => {
        const read = entriesOf(readings).map(([, { label, value, unit }]) =>
            everywhere.pair(pick(label), `${value} ${unit}`.trim()),
        )
        const notes = [mark?.reason ?? "", ...read, photos.length > 0 ? said.photos(photos.length) : ""].filter(Boolean)
        if (!mark && notes.length === 0) return []
        const value = mark ? `${terms.mark[mark.kind]} ${momentText(mark.at)}` : ""
        return [{ label: pick(name), value, notes }]
    })
    return { title: said.visit, rows }
}

function work({ cause, measures, parts }: Sheet): Section {
    const { sign: said, step, part: of } = words.value
    const fitted = entriesOf(parts).map(([, part]): Row => {
        const serial = part.serial == null ? [] : [words.value.everywhere.pair(of.serial, part.serial)]
        const notes = [...serial, of.oldParts[part.old_part]]
        return { label: said.part, value: `${part.code} ${part.name} × ${quantityText(part.quantity_milli)}`, notes }
    })
    const found: Row[] = [
        ...(cause == null ? [] : [{ label: step.cause, value: cause }]),
        ...(measures == null ? [] : [{ label: step.measures, value: measures }]),
    ]
    return { title: said.work, rows: [...found, ...fitted] }
}

/** By its place among the offers, where there are several. */
function nameOf(sheet: Sheet, id: string): string {
    const all = entriesOf(sheet.quotes)
    const place = all.findIndex(([quote]) => quote === id) + 1
    return all.length > 1 && place > 0 ? `${words.value.quote.title} ${place}` : words.value.quote.title
}

function quotes(sheet: Sheet): Section[] {
    const { sign: said, quote: of } = words.value
    return entriesOf(sheet.quotes).map(([id, quote]) => {
        const stands = sheet.accepted === id ? of.accepted : quote.withdrawn ? said.withdrawn : said.notAccepted
        const { withdrawn } = quote
        const taken = withdrawn ? `${momentText(withdrawn.at)} · ${withdrawn.reason}` : undefined
        const rows: Row[] = [
            { label: said.quotedAt, value: `${momentText(quote.at)} · ${said.priceList(quote.price_list)}` },
            ...(taken === undefined ? [] : [{ label: said.withdrawn, value: taken }]),
            ...(quote.option == null ? [] : [{ label: of.option, value: quote.option }]),
            { label: of.warranty, value: of.warrantyKinds[quote.warranty] },
            ...entriesOf(quote.lines).map(([, line]) => priced(line, sheet.currency)),
        ]
        const total = { label: of.total, amount: money(quote.total_minor, sheet.currency) }
        return { title: said.quote(nameOf(sheet, id), stands), rows, total }
    })
}

function priced(line: Schemas["SheetLine"], currency: string): Row {
    const price = `${money(line.unit_minor, currency)}/${line.unit} × ${quantityText(line.quantity_milli)}`
    const notes = [`${words.value.terms.itemKind[line.kind]} · ${price}`]
    if (line.setup) notes.push(saidOfSetUp(line.setup, language.value))
    if (line.risk != null) notes.push(words.value.quote.risk)
    return { label: line.name, notes, amount: money(line.amount_minor, currency) }
}

function taken(sheet: Sheet): Section {
    const { taken: said, everywhere } = words.value
    const rows = entriesOf(sheet.take_backs ?? {}).flatMap(([id, receipt]): Row[] => {
        const { product, name, taken_on, return_on, text, at, valid, loaner } = receipt
        const out = outOfSheet(sheet, id)
        const stands = out.product ? said.productOut : said.productHome
        const notes = [said.signedBy(name, momentText(at)), `${taken_on} – ${return_on}`, ...text.split("\n")]
        const lent: Row[] = loaner
            ? [
                  {
                      label: said.loaner,
                      value: `${loaner.name} · ${out.loaner ? said.loanerOut : said.loanerHome}`,
                      notes: loaner.serial == null ? [] : [everywhere.pair(said.loanerSerial, loaner.serial)],
                  },
              ]
            : []
        const value = `${product} · ${stands}`
        return [{ label: said.title, value, notes: [...notes, ...(valid ? [] : [said.unfit])] }, ...lent]
    })
    const ended = entriesOf(sheet.hand_backs ?? {}).map(([, end]): Row => {
        const receipt = sheet.take_backs?.[end.receipt]
        const value = saidOfKind(end.kind, receipt?.loaner != null, language.value)
        const signed = [end.name, ...(end.reason == null ? [] : [everywhere.pair(said.unsigned, end.reason)])]
        const notes = [receipt?.product ?? end.receipt, momentText(end.at), end.condition, ...signed]
        return { label: said.ended, value, notes: [...notes, ...(end.valid ? [] : [said.unfit])] }
    })
    return { title: said.section, rows: [...rows, ...ended] }
}

function charges(sheet: Sheet): Section {
    const { sign: said, terms } = words.value
    const amount = (minor: number) => money(minor, sheet.currency)
    const consents = entriesOf(sheet.consents).map(([, consent]): Row => {
        const notes = [
            nameOf(sheet, consent.quote),
            terms.how[consent.how],
            momentText(consent.at),
            ...(consent.valid ? [] : [said.invalid]),
        ]
        return {
            label: `${said.consent} · ${consent.name}`,
            notes: [notes.join(" · ")],
            amount: amount(consent.total_minor),
        }
    })
    const backups = entriesOf(sheet.backup_consents ?? {}).map(([, backup]): Row => {
        const head = [nameOf(sheet, backup.quote), terms.how[backup.how], momentText(backup.at)]
        const notes = [...head, ...(backup.valid ? [] : [said.unfit])].join(" · ")
        const value = words.value.backup.copies[backup.copy]
        return { label: `${said.backup} · ${backup.name}`, value, notes: [notes, ...backup.text.split("\n")] }
    })
    const waivers = entriesOf(sheet.waivers).map(([, { quote, minor, reason, at }]): Row => {
        const notes = [`${nameOf(sheet, quote)} · ${momentText(at)}`, reason]
        return { label: said.waived, notes, amount: amount(-minor) }
    })
    const { due_minor: due, charged_minor: charged } = sheet
    const rows: Row[] = [
        ...consents,
        ...backups,
        ...waivers,
        { label: said.warrantyTerm, value: said.warranty(sheet.warranty_months) },
        ...(charged == null ? [] : [{ label: said.charged, amount: amount(charged) }]),
    ]
    const total = due == null ? {} : { total: { label: said.due, amount: amount(due) } }
    return { title: said.charges, rows, ...total }
}
