import { Download, LogIn, LogOut, RefreshCw } from "lucide"
import { useSignal, useSignalEffect } from "@preact/signals"
import { unsentSize } from "../core/unsent_file.ts"
import { momentText } from "../design/dates.ts"
import { giveFile } from "../design/give_file.ts"
import { LanguageButton } from "../design/language_button.tsx"
import { Button, Notice } from "../design/parts.tsx"
import { words } from "../words.ts"
import { answerPlace, tellsPlace } from "./here.ts"
import { Back } from "./job/page.tsx"
import { Notices } from "./notices.tsx"
import { handset, isAway, isSyncing, me, mustSignIn, signOut, signsIn, summary, sync, trouble } from "./phone.ts"
import { told, toldOfSync } from "./told.ts"
import { forgetTyped, settleTyped } from "./typed.ts"

/** What is with the office, what is not, and what the office did not take over. */
export function SendingPage() {
    const { sending, phone } = words.value
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
                    <LanguageButton />
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
    const { saveUnsent, saveUnsentHint, saveUnsentSize } = words.value.sending
    const isMaking = useSignal(false)
    const problem = useSignal<unknown>(undefined)
    void summary.value
    const phone = handset.value
    if (!phone) return null
    const { changes, photos, bytes } = unsentSize(phone.state)
    if (changes + photos === 0) return null
    const save = async () => {
        isMaking.value = true
        problem.value = undefined
        try {
            const file = await phone.unsentFile()
            if (file) giveFile(file, `${me.value?.login ?? ""}-unsent.json`)
        } catch (error) {
            problem.value = error
        }
        isMaking.value = false
    }
    return (
        <section class="stack">
            <p class="soft small">{saveUnsentHint}</p>
            {problem.value !== undefined && <Notice tone="bad">{told(problem.value)}</Notice>}
            <Button icon={Download} disabled={isMaking.value} onClick={() => void save()}>
                {saveUnsent}
            </Button>
            <p class="soft small figures">{saveUnsentSize(changes, photos, sizeText(bytes))}</p>
        </section>
    )
}

/** As in 12.3 MB, and never less than is true by much. */
function sizeText(bytes: number): string {
    const [size, unit] = bytes < 1_000_000 ? [Math.ceil(bytes / 1_000), "KB"] : [(bytes / 1_000_000).toFixed(1), "MB"]
    return `${size} ${unit}`
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
