import { Download, LogIn, LogOut, RefreshCw } from "lucide"
import { useSignal, useSignalEffect } from "@preact/signals"
import { placeName, placeWords } from "../core/place.ts"
import type { Decided } from "../core/wire.ts"
import { momentText } from "../design/dates.ts"
import { giveFile } from "../design/give_file.ts"
import { Button, Notice } from "../design/parts.tsx"
import { language, pick, speak, words } from "../words.ts"
import { answerPlace, tellsPlace } from "./here.ts"
import { Back } from "./job/page.tsx"
import { handset, isAway, isSyncing, kept, me, mustSignIn, signOut, signsIn, summary, sync, trouble } from "./phone.ts"
import { told, toldOfSync } from "./told.ts"
import { forgetTyped, settleTyped } from "./typed.ts"

/** What is with the office, what is not, and what the office did not take over. */
export function SendingPage() {
    const { sending, phone, everywhere } = words.value
    const stands = summary.value
    const problem = useSignal<unknown>(undefined)
    const leave = async () => {
        if ((stands?.unsent ?? 0) > 0 || (stands?.photosOwed ?? 0) > 0) return
        const person = me.value?.person ?? ""
        try {
            await settleTyped()
            await signOut()
            forgetTyped(person)
        } catch (error) {
            problem.value = error
        }
    }
    const isUnsent = (stands?.unsent ?? 0) > 0 || (stands?.photosOwed ?? 0) > 0
    return (
        <div class="stack-wide">
            <Back to="/phone/" label={phone.today} />
            <h1>{sending.title}</h1>
            <section class="card">
                <p class="row row-apart">
                    <strong>{me.value?.name}</strong>
                    <Button kind="quiet" onClick={() => speak(language.value === "en" ? "zh-CN" : "en")}>
                        {everywhere.language}
                    </Button>
                </p>
                {isAway.value && <Notice tone="warn">{sending.offline}</Notice>}
                {isUnsent ? (
                    <Notice tone="warn">
                        <p>{sending.unsentJobs(stands?.unsent ?? 0, stands?.unsentJobs ?? 0)}</p>
                        {(stands?.photosOwed ?? 0) > 0 && <p>{phone.photosOwed(stands?.photosOwed ?? 0)}</p>}
                    </Notice>
                ) : (
                    <Notice tone="good">{phone.allSent}</Notice>
                )}
                {trouble.value !== undefined && !isAway.value && (
                    <Notice tone="bad">{toldOfSync(trouble.value)}</Notice>
                )}
                {mustSignIn.value && (
                    <Button icon={LogIn} large wide onClick={() => (signsIn.value = true)}>
                        {sending.signInAgain}
                    </Button>
                )}
                <p class="soft small">
                    {stands?.contactAt ? sending.lastContact(momentText(stands.contactAt)) : sending.never}
                </p>
                <Button icon={RefreshCw} large wide disabled={isSyncing.value} onClick={() => void sync()}>
                    {isSyncing.value ? sending.syncing : sending.syncNow}
                </Button>
            </section>
            <UnsentWork />
            <Notices />
            <Storage />
            <PlaceSetting />
            <section class="stack">
                {isUnsent && <p class="soft small">{sending.signOutRefused}</p>}
                {problem.value !== undefined && <Notice tone="bad">{told(problem.value)}</Notice>}
                <Button icon={LogOut} disabled={isUnsent} onClick={() => void leave()}>
                    {sending.signOut}
                </Button>
            </section>
        </div>
    )
}

/** For a phone that can't send any more: its office takes the file. */
function UnsentWork() {
    const { saveUnsent, saveUnsentHint } = words.value.sending
    if ((summary.value?.unsent ?? 0) === 0) return null
    const save = () => {
        const file = handset.value?.unsentFile()
        const content = new Blob([JSON.stringify(file)], { type: "application/json" })
        if (file) giveFile(content, `${file.login}-unsent.json`)
    }
    return (
        <section class="stack">
            <p class="soft small">{saveUnsentHint}</p>
            <Button icon={Download} onClick={save}>
                {saveUnsent}
            </Button>
        </section>
    )
}

/** What was not taken over and what was decided about it, until the technician has read it. */
function Notices() {
    const { sending } = words.value
    void summary.value
    const unread = handset.value?.notices().filter((notice) => !notice.read) ?? []
    const told = new Set(unread.map((notice) => notice.refused.change))
    const decisions = handset.value?.decisions().filter(({ read, decided }) => !read && !told.has(decided.change)) ?? []
    if (unread.length === 0 && decisions.length === 0) return null
    return (
        <section class="stack">
            <h2>{sending.notices}</h2>
            {decisions.map(({ decided }) => (
                <article class="card" key={decided.change}>
                    <strong class="figures">{decided.number}</strong>
                    <Parts decided={decided} />
                    <Button onClick={() => void kept(handset.value?.markRead(decided.change))}>{sending.read}</Button>
                </article>
            ))}
            {unread.map((notice) => (
                <article class="card" key={notice.refused.change}>
                    <strong class="figures">{notice.number}</strong>
                    <p>{pick(notice.refused)}</p>
                    {notice.writes.map((write) => (
                        <p class="soft small" key={write.path.join("/")}>
                            {words.value.everywhere.pair(
                                pick(placeName(write.path)),
                                pick(placeWords(write.path, write.value)),
                            )}
                        </p>
                    ))}
                    {notice.decision && <Parts decided={notice.decision.decided} />}
                    <Button onClick={() => void kept(handset.value?.markRead(notice.refused.change))}>
                        {sending.read}
                    </Button>
                </article>
            ))}
        </section>
    )
}

/** What became of each part of it, and by whom. */
function Parts({ decided }: { decided: Decided }) {
    const { outcomes } = words.value.sending
    return (
        <>
            {decided.parts.map((part) => (
                <Notice key={`${part.at}${part.places.join()}`} tone={part.outcome === "adopted" ? "good" : "warn"}>
                    {outcomes[part.outcome](part.by)} {part.reason}
                </Notice>
            ))}
        </>
    )
}

function Storage() {
    const { sending } = words.value
    const isPersistent = useSignal<boolean | undefined>(undefined)
    useSignalEffect(() => {
        void navigator.storage?.persisted?.().then((persisted) => {
            isPersistent.value = persisted
        })
    })
    if (isPersistent.value === undefined) return null
    return (
        <section class="stack">
            <h2>{sending.storage}</h2>
            <p class="soft">{isPersistent.value ? sending.persistent : sending.notPersistent}</p>
        </section>
    )
}

/** Whether places are noted; asked at the first door, and changed here. */
function PlaceSetting() {
    return (
        <label class="check">
            <input
                type="checkbox"
                checked={tellsPlace.value === "yes"}
                onChange={(event) => answerPlace(event.currentTarget.checked ? "yes" : "no")}
            />
            {words.value.here.setting}
        </label>
    )
}
