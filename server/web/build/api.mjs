// Writes src/api/schema.d.ts from the OpenAPI document that the tests hold the server to; leaves it alone where it is so already, because
// cargo builds the pages anew when one of their files is written.
import { readFile, writeFile } from "node:fs/promises"
import openapi, { astToString } from "openapi-typescript"

const here = import.meta.dirname
const file = `${here}/../src/api/schema.d.ts`
const snapshot = await readFile(`${here}/../../../tests/it/snapshots/openapi.snap`, "utf8")
const document = JSON.parse(snapshot.slice(snapshot.indexOf("{")))
const types = astToString(await openapi(document, { alphabetize: true }))
const written = await readFile(file, "utf8").catch(() => "")
if (types !== written) await writeFile(file, types)
