import { expect, test } from "vitest"
import { GateClosed, JobGone } from "./handset.ts"
import { compacted } from "./replica/compact.ts"
import { StoreFailed } from "./store.ts"
import { FORBIDDEN, Office } from "./tests/office.ts"
import { isInStep, Phone, phoneWith } from "./tests/phone.ts"
import { alarm, checklist, done, job, note, uuidOf } from "./tests/samples.ts"

test("a day of edits goes up in one round trip and the digests agree", async () => {
    const phone = await phoneWith(3)
    for (const number of [1, 2, 3])
        for (const step of ["accept", "diagnose", "repair"]) await phone.edit(number, note(step, "修好了"))
    phone.office.write(job(2), note("testing", "客户催了两次"))
    expect(phone.state.unsent()).toBe(9)
    expect(await phone.sync()).toBe(1)
    expect(phone.state.unsent()).toBe(0)
    isInStep(phone)
    expect(phone.noteOf(2, "testing")).toBe("客户催了两次")
    expect(phone.state.receipts).toHaveLength(1)
})

test("an answer that is lost leaves the change unsent, and sending it again is harmless", async () => {
    const phone = await phoneWith(1)
    await phone.edit(1, note("diagnose", "阀芯老化"))
    await phone.ask(await phone.request())
    await phone.reopen()
    expect(phone.state.unsent()).toBe(1)
    await phone.sync()
    expect(phone.state.unsent()).toBe(0)
    isInStep(phone)
})

test("an answer that comes twice or too late changes nothing", async () => {
    const phone = await phoneWith(1)
    await phone.edit(1, note("diagnose", FORBIDDEN))
    const early = await phone.request()
    const late = await phone.ask(early)
    await phone.sync()
    await phone.edit(1, note("repair", "换阀芯"))
    expect(await phone.answer(early, late)).toEqual([])
    expect(phone.noteOf(1, "repair")).toBe("换阀芯")

    const request = await phone.request()
    const answer = await phone.ask(request)
    await phone.answer(request, answer)
    const before = compacted(phone.state)
    expect(await phone.answer(request, answer)).toEqual([])
    expect(compacted(phone.state)).toEqual(before)
})

test("what is refused is told, and the phone goes on under a new actor", async () => {
    const phone = await phoneWith(1)
    await phone.edit(1, note("accept", "好"))
    await phone.edit(1, note("diagnose", FORBIDDEN))
    await phone.edit(1, note("diagnose", "在其后"))
    const retired = phone.state.held(job(1)).actor
    await phone.sync()
    const [notice, ...others] = phone.handset.notices()
    expect(others).toEqual([])
    expect(notice?.writes.map(({ path, value }) => [path.join("/"), value])).toEqual([
        ["notes/diagnose", FORBIDDEN],
        ["notes/diagnose", "在其后"],
    ])
    expect(phone.state.unsent()).toBe(0)
    expect(phone.noteOf(1, "accept")).toBe("好")
    expect(phone.noteOf(1, "diagnose")).toBeUndefined()

    await phone.reopen()
    await phone.edit(1, note("diagnose", "阀芯老化"))
    expect(phone.state.held(job(1)).actor).not.toBe(retired)
    expect(await phone.sync()).toBe(1)
    expect(phone.office.note(job(1), "diagnose")).toBe("阀芯老化")
    expect(phone.office.quarantine.size).toBe(2)
    isInStep(phone)
    await phone.handset.markRead(notice?.refused.change ?? "")
    expect(phone.handset.summary().unread).toBe(0)
})

test("a note begun before the office's came stays beside it, and so do those that follow", async () => {
    const phone = await phoneWith(1)
    await phone.edit(1, note("repair", "已换"))
    const seen = phone.handset.job(job(1))?.heads
    phone.office.write(job(1), note("diagnose", "客户说上次也是这样"))
    await phone.sync()
    // It is known here by now, if not to who types.
    await phone.edit(1, done("accept"))
    const texts = () =>
        phone.handset
            .job(job(1))
            ?.conflicts.flatMap(({ values }) => values.map(({ value }) => value))
            .sort()
    const first = await phone.handset.edit(job(1), [note("diagnose", "阀芯")], seen)
    expect(texts()).toEqual(["客户说上次也是这样", "阀芯"])
    await phone.handset.edit(job(1), [note("diagnose", "阀芯老化")], [first ?? ""])
    expect(texts()).toEqual(["客户说上次也是这样", "阀芯老化"])
    await phone.edit(1, note("listen", "漏水"))
    await phone.sync()
    expect(phone.office.quarantine.size).toBe(0)
    isInStep(phone)
    await phone.handset.compact()
    await phone.reopen()
    expect(texts()).toEqual(["客户说上次也是这样", "阀芯老化"])
    await phone.edit(1, note("diagnose", "阀芯老化，上次也是"))
    await phone.sync()
    expect([texts(), phone.office.note(job(1), "diagnose")]).toEqual([[], "阀芯老化，上次也是"])
})

test("a note begun on what still stands is written on the newest", async () => {
    const phone = await phoneWith(1)
    const seen = phone.handset.job(job(1))?.heads
    phone.office.write(job(1), note("testing", "客户催了两次"))
    await phone.sync()
    await phone.handset.edit(job(1), [note("diagnose", "阀芯老化")], seen)
    expect([phone.handset.job(job(1))?.conflicts, phone.handset.job(job(1))?.heads.length]).toEqual([[], 1])
})

test("a change that is refused again is told once", async () => {
    const phone = await phoneWith(1)
    await phone.edit(1, note("diagnose", FORBIDDEN))
    await phone.sync()
    const [first] = phone.state.notices
    if (!first) throw new Error("nothing was refused")
    // As by a server that was put back from a backup.
    const refused = { ...first.refused, quarantine: uuidOf(99) }
    await phone.remember({ entry: "refused", refused, seqs: null, at: first.at, writes: [] })
    expect(phone.state.notices).toMatchObject([{ refused: { quarantine: uuidOf(99) }, writes: first.writes }])
})

test("what is written while a refusal is on its way still reaches the office", async () => {
    const phone = await phoneWith(1)
    await phone.edit(1, note("diagnose", FORBIDDEN))
    const request = await phone.request()
    const answer = await phone.ask(request)
    await phone.edit(1, note("repair", "同时写下"))
    await phone.answer(request, answer)
    expect(phone.state.unsent()).toBe(1)
    await phone.reopen()
    await phone.sync()
    expect(phone.state.unsent()).toBe(0)
    expect(phone.office.quarantine.size).toBe(2)
    expect(phone.state.notices).toHaveLength(2)
})

test("a job that left with unsent work keeps it until the office has it", async () => {
    const phone = await phoneWith(2)
    await phone.edit(1, note("repair", "已换"))
    phone.office.revoke(job(1), phone.device)
    await phone.ask(await phone.request())
    await phone.handset.compact()
    await phone.reopen()
    expect(phone.state.unsent()).toBe(1)
    await phone.sync()
    expect(phone.state.unsent()).toBe(0)
    expect(phone.office.quarantine.size).toBe(1)
    expect(phone.handset.summary().jobs).toBe(1)
    await expect(phone.edit(1, note("repair", "再写"))).rejects.toThrow(JobGone)
    // A call for help is always written.
    await phone.edit(1, alarm())
    isInStep(phone)
})

test("a server restored from an old backup gets back what it had acknowledged", async () => {
    const phone = await phoneWith(2)
    const { office } = phone
    await phone.edit(1, note("accept", "早上"))
    await phone.sync()
    const backup = office.backUp()
    await phone.edit(1, note("repair", "下午"))
    await phone.edit(2, note("repair", "下午"))
    await phone.sync()
    await phone.handset.compact()
    await phone.reopen()
    office.restore(backup)
    expect(office.note(job(1), "repair")).toBeUndefined()
    await phone.sync()
    expect([office.note(job(1), "repair"), office.note(job(2), "repair")]).toEqual(["下午", "下午"])
    expect(phone.state.unsent()).toBe(0)
    isInStep(phone)
})

test("what a server acknowledged and lost without saying so is sent again in its order", async () => {
    const phone = await phoneWith(1)
    const { office } = phone
    const backup = office.backUp()
    for (const text of ["一", "二", "三"]) await phone.edit(1, note("repair", text))
    await phone.sync()
    office.lose(backup)
    await phone.sync()
    expect(office.note(job(1), "repair")).toBe("三")
    expect(phone.state.unsent()).toBe(0)
    expect([office.quarantine.size, office.written(job(1))]).toEqual([0, 3])
    isInStep(phone)
})

test("a number is never given out twice although the copy fetched lacks what was just written", async () => {
    const phone = await phoneWith(1)
    const { office } = phone
    office.resets = false
    await phone.edit(1, note("testing", FORBIDDEN))
    for (const text of ["一", "二", "三"]) {
        const request = await phone.request()
        const answer = await phone.ask(request)
        await phone.edit(1, note("accept", text))
        await phone.answer(request, answer)
    }
    expect(phone.state.unsent()).toBe(1)
    await phone.sync()
    expect(phone.state.unsent()).toBe(0)
    // Each of the four is somewhere.
    expect(office.quarantine.size + office.written(job(1))).toBe(4)
    isInStep(phone)
})

test("a call for help is sent before everything else", async () => {
    const phone = await phoneWith(3)
    await phone.edit(1, note("repair", "一"))
    await phone.edit(2, note("repair", "二"))
    await phone.edit(3, alarm())
    await phone.reopen()
    expect((await phone.request()).push[0]?.job).toBe(job(3))
})

test("a change without its predecessor waits, and the phone asks for a comparison", async () => {
    const phone = await phoneWith(1)
    await phone.remember(checklist())
    phone.office.write(job(1), note("accept", "一"))
    phone.office.write(job(1), note("accept", "二"))
    const request = await phone.request()
    const answer = await phone.ask(request)
    answer.jobs.shift()
    await phone.answer(request, answer)
    expect(phone.handset.job(job(1))?.wholeness).toBe("incomplete")
    await phone.handset.compact()
    await phone.reopen()
    expect((await phone.request()).heads).not.toBeNull()
    await phone.sync()
    expect(phone.noteOf(1, "accept")).toBe("二")
    expect(phone.handset.job(job(1))?.wholeness).toBe("whole")
    isInStep(phone)
})

test("a first sync in pages says that it is loading", async () => {
    const phone = await Phone.enrolled(new Office())
    phone.office.page = 2
    for (const number of [1, 2, 3, 4, 5]) {
        phone.office.openJob(job(number))
        phone.office.grant(job(number), phone.device)
    }
    await phone.remember(checklist())
    expect(await phone.roundTrip()).toBe(true)
    await phone.reopen()
    expect(phone.handset.summary().isWhole).toBe(false)
    expect(phone.handset.jobs().map(({ wholeness }) => wholeness)).toEqual(["loading", "loading"])
    expect(await phone.sync()).toBe(2)
    expect(phone.handset.summary()).toMatchObject({ jobs: 5, isWhole: true })
})

test("an edit that the disk refused does not count, and the next one does", async () => {
    const phone = await phoneWith(1)
    phone.disk.fault = "full"
    await expect(phone.edit(1, note("repair", "丢"))).rejects.toMatchObject({ name: StoreFailed.name, isFull: true })
    expect(phone.state.unsent()).toBe(0)
    expect(phone.noteOf(1, "repair")).toBeUndefined()
    await phone.edit(1, note("repair", "在"))
    await phone.reopen()
    expect(phone.noteOf(1, "repair")).toBe("在")
    await phone.sync()
    expect(phone.office.note(job(1), "repair")).toBe("在")
})

test("an answer that the disk refused is taken when it is said again", async () => {
    const phone = await phoneWith(1)
    await phone.edit(1, note("repair", "在"))
    const request = await phone.request()
    const answer = await phone.ask(request)
    phone.disk.fault = "torn"
    await expect(phone.answer(request, answer)).rejects.toThrow(StoreFailed)
    expect(phone.state.unsent()).toBe(1)
    await phone.sync()
    expect(phone.state.unsent()).toBe(0)
    isInStep(phone)
})

test("a rule of the checklist holds on the phone with no network", async () => {
    const phone = await phoneWith(1)
    await phone.remember(checklist())
    await expect(phone.edit(1, done("repair"))).rejects.toThrow(GateClosed)
    await expect(phone.edit(1, done("repair"))).rejects.toThrow("consent")
    expect(phone.state.unsent()).toBe(0)
    await phone.edit(1, done("accept"))
    expect(phone.state.unsent()).toBe(1)
})

test("edits that belong together are judged one after the other and make one change", async () => {
    const phone = await phoneWith(1)
    await phone.remember(checklist())
    await expect(phone.edit(1, done("accept"), done("repair"))).rejects.toThrow(GateClosed)
    await phone.edit(1, done("accept"), note("accept", "好"))
    expect(phone.state.unsent()).toBe(1)
})

test("a note that is written as it stands is no change", async () => {
    const phone = await phoneWith(1)
    await phone.edit(1, note("listen", "漏水"))
    await phone.edit(1, note("listen", "漏水"))
    expect(phone.state.unsent()).toBe(1)
    await phone.edit(1, note("listen", "已停"))
    const told = phone.handset.history(job(1), ["notes", "listen"]).flatMap(({ touched }) => touched)
    expect(told.map(({ before, after }) => [before, after])).toEqual([
        [undefined, "漏水"],
        ["漏水", "已停"],
    ])
})

test("newer reference data is fetched, and what is here is not", async () => {
    const phone = await phoneWith(1)
    await phone.remember(checklist())
    phone.office.reference = { template: 1, price_list: 3 }
    const request = await phone.request()
    const outputs = await phone.handset.handle({
        input: "answer",
        request: request.id,
        answer: await phone.ask(request),
    })
    expect(outputs).toEqual([{ output: "fetch_reference", kind: "price_list" }])
})

test("the time since the last contact is known until the clock starts anew", async () => {
    const phone = await phoneWith(1)
    expect((await phone.request()).clock.since_contact_us).toBeGreaterThan(0)
    phone.boot = "2"
    expect((await phone.request()).clock.since_contact_us).toBeNull()
})

test("a receipt that the server did not sign is not kept", async () => {
    const phone = await phoneWith(1)
    await phone.edit(1, note("repair", "在"))
    const request = await phone.request()
    const answer = await phone.ask(request)
    if (answer.receipt) answer.receipt.received_at += 1
    await phone.answer(request, answer)
    expect(phone.state.receipts).toEqual([])
    expect(phone.state.unsent()).toBe(0)
})
