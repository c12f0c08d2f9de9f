// Writes src/api/schema.d.ts from the OpenAPI document that the tests hold the server to.
import { readFile, writeFile } from "node:fs/promises"
import openapi, { astToString } from "openapi-typescript"

const here = import.meta.dirname
const snapshot = await readFile(`${here}/../../../tests/it/snapshots/openapi.snap`, "utf8")
const document = JSON.parse(snapshot.slice(snapshot.indexOf("{")))
await writeFile(`${here}/../src/api/schema.d.ts`, astToString(await openapi(document, { alphabetize: true })))
