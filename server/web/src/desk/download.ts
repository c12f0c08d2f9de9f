/** A file that only who is signed in may have: fetched with the token, and given to the browser to keep. */
import { Problem, type ProblemBody } from "../api/problem.ts"
import { accessToken } from "../api/session.ts"
import { giveFile } from "../design/give_file.ts"
import { language } from "../words.ts"

export async function download(path: string, name: string): Promise<void> {
    const headers = { Authorization: `Bearer ${await accessToken()}`, "Accept-Language": language.value }
    const response = await fetch(path, { headers }).catch(() => {
        throw new Problem()
    })
    if (!response.ok) throw new Problem((await response.json().catch(() => undefined)) as ProblemBody | undefined)
    giveFile(await response.blob(), name)
}
