import { useSignal } from "@preact/signals"
import type { ComponentChildren } from "preact"
import { Problem, sentence } from "../api/problem.ts"
import { words } from "../words.ts"
import { LanguageButton } from "./language_button.tsx"
import { Button, Field, Notice } from "./parts.tsx"

interface Props {
    /** Signs in; throws what is in the way. */
    onSubmit: (login: string, password: string) => Promise<unknown>
    /** What else is asked for. */
    children?: ComponentChildren
}

/** The page that asks who is there. */
export function SignIn({ onSubmit, children }: Props) {
    const problem = useSignal<unknown>(undefined)
    const isBusy = useSignal(false)
    const { signIn, everywhere } = words.value
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        const filled = new FormData(event.currentTarget as HTMLFormElement)
        isBusy.value = true
        problem.value = undefined
        try {
            await onSubmit(String(filled.get("login")).trim(), String(filled.get("password")))
        } catch (error) {
            problem.value = error
        } finally {
            isBusy.value = false
        }
    }
    const about = (at: string) => (problem.value instanceof Problem ? problem.value.about(at) : undefined)
    return (
        <main class="sign-in">
            <div class="row row-apart">
                <div class="sign-in-head">
                    <img src="/icon.svg" alt="" width={48} height={48} />
                    <h1>{everywhere.product}</h1>
                </div>
                <LanguageButton />
            </div>
            <form class="stack" onSubmit={submit}>
                <Field
                    name="login"
                    label={signIn.login}
                    autocomplete="username"
                    autocapitalize="none"
                    required
                    error={about("/login")}
                />
                <Field
                    name="password"
                    type="password"
                    label={signIn.password}
                    autocomplete="current-password"
                    required
                    error={about("/password")}
                />
                {children}
                {problem.value !== undefined && <Notice tone="bad">{sentence(problem.value)}</Notice>}
                <Button type="submit" kind="main" large wide disabled={isBusy.value}>
                    {signIn.submit}
                </Button>
            </form>
        </main>
    )
}
