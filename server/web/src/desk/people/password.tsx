import { useSignal } from "@preact/signals"
import { Button, Field } from "../../design/parts.tsx"
import { words } from "../../words.ts"

/** Without what is taken for something else when it is read out: no 0 and O, no 1, l and I. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
const GROUPS = 3
const GROUP = 4

/** One that can be read out on the phone, as in `kf7p-m2xr-9abd`; 59 bits. */
export function madePassword(): string {
    const drawn = crypto.getRandomValues(new Uint32Array(GROUPS * GROUP))
    const letters = [...drawn].map((number) => LETTERS[number % LETTERS.length]).join("")
    return Array.from({ length: GROUPS }, (_, at) => letters.slice(at * GROUP, (at + 1) * GROUP)).join("-")
}

/** A password that somebody else is given: shown, because it is handed over. */
export function GivenPassword({ label, error }: { label: string; error?: string | undefined }) {
    const text = words.value.deskStaff
    const value = useSignal("")
    return (
        <div class="form-beside">
            <Field
                label={label}
                name="password"
                value={value.value}
                hint={text.passwordHint}
                error={error}
                autocomplete="new-password"
                autocapitalize="none"
                spellcheck={false}
                required
                onInput={(event) => (value.value = event.currentTarget.value)}
            />
            <Button onClick={() => (value.value = madePassword())}>{text.makePassword}</Button>
        </div>
    )
}
