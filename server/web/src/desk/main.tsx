import "../design/ground.css"
import "./vocabulary.ts"
import { show } from "../design/show.ts"
import { Desk } from "./desk.tsx"

void show(<Desk />)
