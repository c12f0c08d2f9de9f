import { CloudOff, RefreshCw, UserRound } from "lucide"
import { InUse } from "../core/store/indexed_db.ts"
import { LocationProvider, Route, Router, useLocation } from "preact-iso"
import { Button, Field, Loading, Notice } from "../design/parts.tsx"
import { Icon } from "../design/icon.tsx"
import { SignIn } from "../design/sign_in.tsx"
import { words } from "../words.ts"
import { JobPage } from "./job/page.tsx"
import {
    failure,
    handset,
    isAway,
    isSyncing,
    isVacant,
    me,
    mustSignIn,
    signsIn,
    summary,
    sync,
    trouble,
    unkept,
} from "./phone.ts"
import { QuotePage } from "./quote/page.tsx"
import { SendingPage } from "./sending.tsx"
import { SignPage } from "./sign/page.tsx"
import { HandBackPage } from "./taken/hand_back.tsx"
import { TakeBackPage } from "./taken/take_back.tsx"
import { StepPage } from "./step/page.tsx"
import { isTooOld, ShutOut, told } from "./told.ts"
import { Today } from "./today.tsx"
import { hasNewVersion, takeNewVersion } from "./version.ts"

export function App() {
    if (failure.value !== undefined) return <CannotOpen />
    const phone = handset.value
    if (!phone) return <Loading />
    if (me.value === null || isVacant.value || signsIn.value) return <Enrol />
    return (
        <LocationProvider scope="/phone">
            <StateBar />
            <main class="page">
                <Router>
                    <Route path="/phone/" component={Today} />
                    <Route path="/phone/sending" component={SendingPage} />
                    <Route path="/phone/jobs/:job" component={JobPage} />
                    <Route path="/phone/jobs/:job/steps/:step" component={StepPage} />
                    <Route path="/phone/jobs/:job/quote" component={QuotePage} />
                    <Route path="/phone/jobs/:job/sign" component={SignPage} />
                    <Route path="/phone/jobs/:job/take-back" component={TakeBackPage} />
                    <Route path="/phone/jobs/:job/hand-back/:receipt" component={HandBackPage} />
                    <Route default component={Today} />
                </Router>
            </main>
        </LocationProvider>
    )
}

function CannotOpen() {
    const error = failure.value
    const isTaken = error instanceof InUse
    return (
        <main class="page">
            <Notice tone="bad">{isTaken ? words.value.sending.otherTab : words.value.sending.cannot}</Notice>
        </main>
    )
}

/** Signs in and makes this browser one of the technician's phones. */
function Enrol() {
    const enrol = async (login: string, password: string) => {
        const name = new FormData(document.querySelector("form") ?? undefined).get("phone")
        await handset.value?.signIn(login, password, String(name ?? "").trim() || deviceName())
        signsIn.value = false
        trouble.value = undefined
        void sync()
    }
    const { phoneName, phoneNameHint } = words.value.signIn
    return (
        <SignIn onSubmit={enrol}>
            <Field name="phone" label={phoneName} hint={phoneNameHint} defaultValue={deviceName()} maxLength={60} />
        </SignIn>
    )
}

function deviceName(): string {
    const [, system] = /(iPhone|iPad|Android|Windows|Macintosh|Linux)/.exec(navigator.userAgent) ?? []
    return system ?? words.value.signIn.aPhone
}

/** Always in sight: whether everything is with the office, and what is not. */
function StateBar() {
    const stands = summary.value
    const { phone, sending, everywhere } = words.value
    const { tooOld, shutOut } = words.value.unkept
    const unsent = stands?.unsent ?? 0
    const owed = stands?.photosOwed ?? 0
    const said = [
        isTooOld(trouble.value) ? tooOld : undefined,
        trouble.value instanceof ShutOut ? shutOut : undefined,
        mustSignIn.value ? sending.signInAgain : undefined,
        unsent > 0 ? phone.unsent(unsent) : undefined,
        owed > 0 ? phone.photosOwed(owed) : undefined,
        (stands?.unread ?? 0) > 0 ? sending.notices : undefined,
    ].filter(Boolean)
    const tone = isAway.value ? "offline" : said.length > 0 ? "waiting" : "sent"
    return (
        <header class={`state-bar state-bar-${tone}`}>
            <a href="/phone/sending" class="state-bar-said">
                <Icon of={isAway.value ? CloudOff : RefreshCw} size={18} />
                <span>
                    {isAway.value ? `${everywhere.offline} · ` : isSyncing.value ? `${sending.syncing} · ` : ""}
                    {said.length > 0 ? said.join(" · ") : phone.allSent}
                </span>
            </a>
            <a
                href="/phone/sending"
                class="state-bar-who"
                aria-label={everywhere.pair(sending.title, me.value?.name ?? "")}
            >
                <Icon of={UserRound} size={20} />
            </a>
            <NewVersion />
            {unkept.value !== undefined && <Notice tone="bad">{told(unkept.value)}</Notice>}
        </header>
    )
}

/** Where something may stand half written. */
const WRITTEN_AT = /\/(steps|quote|sign)\b/

/** Told wherever one is; taken where nothing is being written, and once everything that was is on the disk. */
function NewVersion() {
    const { path } = useLocation()
    const { update, updateLater } = words.value.unkept
    if (!hasNewVersion()) return null
    if (WRITTEN_AT.test(path)) {
        return (
            <p class="state-bar-more soft small" role="status">
                {updateLater}
            </p>
        )
    }
    return (
        <Button icon={RefreshCw} class="state-bar-more" onClick={() => void takeNewVersion(handset.value?.settled())}>
            {update}
        </Button>
    )
}
