import { Star } from "lucide"
import { useId } from "preact/hooks"
import { Icon } from "../../design/icon.tsx"
import { words } from "../../words.ts"
import "./marks.css"

interface Props {
    label: string
    value: number | null
    onChange: (value: number) => void
}

/** One to five stars; five radio buttons to whoever can't see them. */
export function Marks({ label, value, onChange }: Props) {
    const name = useId()
    return (
        <fieldset class="marks">
            <legend>{label}</legend>
            <div class="mark-row">
                {[1, 2, 3, 4, 5].map((mark) => (
                    <label key={mark} class={value !== null && mark <= value ? "mark mark-given" : "mark"}>
                        <input
                            type="radio"
                            class="unseen"
                            name={name}
                            checked={value === mark}
                            onChange={() => onChange(mark)}
                        />
                        <Icon of={Star} size={28} label={words.value.sign.stars(mark)} />
                    </label>
                ))}
            </div>
        </fieldset>
    )
}
