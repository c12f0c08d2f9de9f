import { useSignal } from "@preact/signals"
import { otherLanguage, speak, words } from "../words.ts"
import { Button } from "./parts.tsx"

/** Says it all in the other language; the button is named in that one. */
export function LanguageButton() {
    const failed = useSignal(false)
    const { language, languageAway } = words.value.everywhere
    const change = async () => {
        failed.value = false
        try {
            await speak(otherLanguage.peek())
        } catch {
            failed.value = true
        }
    }
    return (
        <>
            {failed.value && (
                <span class="field-error" role="alert">
                    {languageAway}
                </span>
            )}
            <Button kind="quiet" lang={otherLanguage.value} onClick={() => void change()}>
                {language}
            </Button>
        </>
    )
}
