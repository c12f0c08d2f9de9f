// Writes types/schema.d.ts from the OpenAPI document that the tests hold the server to: beside the sources, because cargo builds the pages anew
// when one of those is written.
import { mkdir, readFile, writeFile } from "node:fs/promises"
import openapi, { astToString } from "openapi-typescript"

const here = import.meta.dirname
const file = `${here}/../types/schema.d.ts`
await mkdir(`${here}/../types`, { recursive: true })
const snapshot = await readFile(`${here}/../../../tests/it/snapshots/openapi.snap`, "utf8")
const document = JSON.parse(snapshot.slice(snapshot.indexOf("{")))
const types = astToString(await openapi(document, { alphabetize: true }))
const written = await readFile(file, "utf8").catch(() => "")
if (types !== written) await writeFile(file, types)
