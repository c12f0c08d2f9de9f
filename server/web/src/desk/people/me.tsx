/** One's own account: the password, and where one is signed in. */
import { api, body, type Schemas } from "../../api/client.ts"
import { aboutOf } from "../../api/problem.ts"
import { session } from "../../api/session.ts"
import { useSignal } from "@preact/signals"
import { Button, Field, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { useAct } from "../act.ts"
import { Answered, Trouble } from "../answered.tsx"
import { type Filled, Form } from "../form.tsx"
import { useLoaded } from "../loaded.ts"
import { say } from "../said.ts"
import { dayAndTime } from "../../design/dates.ts"
import { clientName } from "./client_name.ts"

export function MePage() {
    const { deskLists, deskStaff, terms } = words.value
    const who = session.value?.person
    if (!who) return null
    return (
        <div class="page">
            <h1>{deskStaff.me}</h1>
            <div class="job-halves">
                <div class="stack">
                    <section class="card" aria-label={who.name}>
                        <h2>{who.name}</h2>
                        <dl class="facts">
                            <dt>{deskLists.people.role}</dt>
                            <dd>{terms.role[who.role]}</dd>
                            <dt>{deskLists.people.number}</dt>
                            <dd class="figures">{who.staff_number}</dd>
                            <dt>{deskLists.people.login}</dt>
                            <dd>{who.login}</dd>
                        </dl>
                    </section>
                    <Sessions />
                </div>
                <Password />
            </div>
        </div>
    )
}

function Password() {
    const text = words.value.deskStaff
    const act = useAct()
    const about = aboutOf(act.problem)
    const differ = useSignal(false)
    // A form that is made anew holds no password of before.
    const round = useSignal(0)
    const change = async (filled: Filled) => {
        differ.value = filled.secret("new") !== filled.secret("again")
        if (differ.value) return
        const input = { old: filled.secret("old"), new: filled.secret("new") }
        if (!(await act.run(() => body(api.PUT("/v1/me/password", { body: input }))))) return
        round.value += 1
        say(text.passwordChanged)
    }
    return (
        <Form key={round.value} act={act} class="card" save={text.changePassword} onSubmit={change}>
            <h2>{text.changePassword}</h2>
            <Field
                label={text.oldPassword}
                name="old"
                type="password"
                autocomplete="current-password"
                error={about("/old")}
                required
            />
            <Field
                label={text.newPassword}
                name="new"
                type="password"
                autocomplete="new-password"
                error={about("/new")}
                required
            />
            <Field
                label={text.repeatPassword}
                name="again"
                type="password"
                autocomplete="new-password"
                error={differ.value ? text.notTheSame : undefined}
                required
            />
        </Form>
    )
}

function Sessions() {
    const text = words.value.deskStaff
    const loaded = useLoaded("sessions", () => body(api.GET("/v1/sessions")), { movesWith: () => false })
    const act = useAct()
    const end = async (session: Schemas["Session"]) => {
        const path = { id: session.id }
        if (await act.run(() => body(api.DELETE("/v1/sessions/{id}", { params: { path } })))) say(text.ended)
        await loaded.reload()
    }
    return (
        <section class="card" aria-label={text.sessions}>
            <h2>{text.sessions}</h2>
            <p class="small soft">{text.sessionsHint}</p>
            <Answered of={loaded}>
                {(sessions) => (
                    <ul class="stack">
                        {sessions.map((session) => (
                            <li key={session.id} class="row row-apart">
                                <span class="form-grow">
                                    {clientName(session.client) || "–"} {session.device && <Tag>{text.onPhone}</Tag>}{" "}
                                    {session.current && <Tag tone="good">{text.thisOne}</Tag>}
                                    <br />
                                    <span class="small soft figures">
                                        {text.since(dayAndTime(session.created_at))} ·{" "}
                                        {text.usedAt(dayAndTime(session.used_at))}
                                    </span>
                                </span>
                                {!session.current && (
                                    <Button disabled={act.isBusy} onClick={() => void end(session)}>
                                        {text.endSession}
                                    </Button>
                                )}
                            </li>
                        ))}
                    </ul>
                )}
            </Answered>
            <Trouble of={act.problem} />
        </section>
    )
}
