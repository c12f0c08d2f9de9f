/** The desk's pages and their addresses, all on one page. */
import { CircleSlash } from "lucide"
import { LocationProvider, Route, Router, useLocation } from "preact-iso"
import { useEffect } from "preact/hooks"
import { api, body } from "../api/client.ts"
import { session, signIn } from "../api/session.ts"
import { Empty } from "../design/parts.tsx"
import { SignIn } from "../design/sign_in.tsx"
import { words } from "../words.ts"
import { may } from "./allowed.ts"
import { PriceRequestsPage } from "./answers/price_requests.tsx"
import { PromisesPage } from "./answers/promises.tsx"
import { QuestionsPage } from "./answers/questions.tsx"
import { Board } from "./board/board.tsx"
import { CustomerPage } from "./customers/customer.tsx"
import { CustomersPage } from "./customers/customers.tsx"
import { EditCustomerPage, NewCustomerPage } from "./customers/edit_customer.tsx"
import { EscalationsPage } from "./escalations/escalations.tsx"
import { FollowUps } from "./follow_ups/follow_ups.tsx"
import { Inbox } from "./inbox/inbox.tsx"
import { OwedPhotos } from "./inbox/owed_photos.tsx"
import { Intake } from "./intake/intake.tsx"
import { ReportPage } from "./intake/report.tsx"
import { JobPage } from "./job/job.tsx"
import { Jobs } from "./jobs/jobs.tsx"
import { follow } from "./live.ts"
import { NewOutletPage, OutletPage } from "./outlets/outlet.tsx"
import { Outlets } from "./outlets/outlets.tsx"
import { TemplatePage } from "./outlets/template.tsx"
import { EditPersonPage } from "./people/edit_person.tsx"
import { HirePage } from "./people/hire.tsx"
import { MePage } from "./people/me.tsx"
import { People } from "./people/people.tsx"
import { PersonPage } from "./people/person.tsx"
import { Prices } from "./prices/prices.tsx"
import { QuotePage } from "./quote/quote_page.tsx"
import { SearchPage } from "./search/search.tsx"
import { ROOMS } from "./rail.tsx"
import { Shell } from "./shell.tsx"
import { zone } from "../design/dates.ts"
import { keepTime } from "./times.ts"
import { keepCount } from "./waiting.ts"

export function Desk() {
    const who = session.value?.person
    useEffect(() => {
        if (!who || who.role === "technician") return
        const stop = new AbortController()
        void follow(stop.signal)
        const stopTime = keepTime()
        const stopCounting = keepCount()
        // Until it is known, times are those of the zone that most outlets are in.
        void body(api.GET("/v1/outlets/{id}", { params: { path: { id: who.outlet_id } } }))
            .then((outlet) => (zone.value = outlet.time_zone))
            .catch(() => {})
        return () => {
            stop.abort()
            stopTime()
            stopCounting()
        }
    }, [who?.id])
    if (!who) return <SignIn onSubmit={signIn} />
    if (who.role === "technician") return <ToPhone />
    return (
        <LocationProvider scope="/desk">
            <Shell>
                <Router>
                    <Route path="/desk/board" component={Board} />
                    <Route path="/desk/jobs" component={Jobs} />
                    <Route path="/desk/jobs/:id/money/quote" component={QuotePage} />
                    <Route path="/desk/jobs/:id/:tab?" component={JobPage} />
                    <Route path="/desk/intake" component={Intake} />
                    <Route path="/desk/intake/:id" component={ReportPage} />
                    <Route path="/desk/customers" component={CustomersPage} />
                    <Route path="/desk/customers/new" component={NewCustomerPage} />
                    <Route path="/desk/customers/:id" component={CustomerPage} />
                    <Route path="/desk/customers/:id/edit" component={EditCustomerPage} />
                    <Route path="/desk/escalations" component={EscalationsPage} />
                    <Route path="/desk/follow-ups" component={FollowUps} />
                    <Route path="/desk/price-requests" component={PriceRequestsPage} />
                    <Route path="/desk/questions" component={QuestionsPage} />
                    <Route path="/desk/promises" component={PromisesPage} />
                    <Route path="/desk/prices" component={Prices} />
                    <Route path="/desk/people" component={People} />
                    <Route path="/desk/people/new" component={HirePage} />
                    <Route path="/desk/people/:id" component={PersonPage} />
                    <Route path="/desk/people/:id/edit" component={EditPersonPage} />
                    <Route path="/desk/me" component={MePage} />
                    <Route path="/desk/outlets" component={Outlets} />
                    <Route path="/desk/outlets/new" component={NewOutletPage} />
                    <Route path="/desk/outlets/:id" component={OutletPage} />
                    <Route path="/desk/outlets/templates/:id/:version" component={TemplatePage} />
                    <Route path="/desk/inbox" component={Inbox} />
                    <Route path="/desk/inbox/photos" component={OwedPhotos} />
                    <Route path="/desk/search" component={SearchPage} />
                    <Route path="/desk/" component={First} />
                    <Route default component={Nowhere} />
                </Router>
            </Shell>
        </LocationProvider>
    )
}

function ToPhone() {
    useEffect(() => location.assign("/phone/"), [])
    return (
        <main class="sign-in">
            <p>{words.value.deskShell.toPhone}</p>
            <a href="/phone/">{words.value.signIn.toPhone}</a>
        </main>
    )
}

/** The first page that one's role sees. */
function First() {
    const { route } = useLocation()
    useEffect(() => {
        const first = ROOMS.find((room) => may(room.needs))
        if (first) route(first.at, true)
    }, [])
    return null
}

function Nowhere() {
    return <Empty icon={CircleSlash}>{words.value.deskShell.notFound}</Empty>
}
