//! A whole sync: round trips until both sides have said everything, with the tokens and the reference data that it takes.

use super::{Client, ClientError, Clocks, Traffic};
use crate::handset::Handset;
use crate::replica::{Input, Output};
use crate::store::entry::{Identity, ReferenceKind, Session};
use crate::store::{Entry, Store};
use schema::session::SessionTokens;
use schema::time::SECOND;
use schema::wire::{Decided, Refused, SyncRequest, SyncResponse};

/// Round trips after which a sync gives up for now; the next one goes on from there.
const ROUND_TRIPS_MAX: u32 = 200;
/// Round trips in a row that brought nothing forward.
const IDLE_TRIPS_MAX: u32 = 3;
/// Comparisons of heads in one sync.
const RESYNCS_MAX: u32 = 4;

/// What a sync did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SyncReport {
    pub round_trips: u32,
    pub bytes_up: u64,
    pub bytes_down: u64,
    /// What the server did not take over; the phone keeps a notice of each.
    pub refused: Vec<Refused>,
    /// What the office decided about such things; the phone keeps it.
    pub decided: Vec<Decided>,
    /// The office has shut this phone out: nothing that it sends is taken over any more, and nothing comes.
    pub revoked: bool,
    /// Still unsent, because the server neither acknowledged nor judged it.
    pub unsent: usize,
    pub photos_owed: usize,
    /// Photos whose receipt came, and bytes of photos that were sent.
    pub photos_sent: usize,
    pub photo_bytes_up: u64,
    /// Photos that the server does not take, as it said this time; they stay here.
    pub photos_refused: usize,
    /// Why a photo could not be sent, the last one of which that is true; it is kept here.
    pub photo_error: Option<String>,
    /// Why reference data could not be fetched; the sync itself succeeded.
    pub reference_error: Option<String>,
}

impl SyncReport {
    fn add(&mut self, traffic: Traffic) {
        self.round_trips += 1;
        self.bytes_up += traffic.bytes_up;
        self.bytes_down += traffic.bytes_down;
    }
}

impl Client {
    /// Syncs until the server has no more and nothing is unsent.
    pub async fn drive<S: Store>(
        &self,
        handset: &mut Handset<S>,
        clocks: &mut impl Clocks,
    ) -> Result<SyncReport, ClientError> {
        let mut report = SyncReport::default();
        let mut fetch = false;
        let (mut idle, mut resyncs) = (0, 0);
        while report.round_trips < ROUND_TRIPS_MAX && idle < IDLE_TRIPS_MAX && resyncs <= RESYNCS_MAX {
            let before = progress(handset);
            let outputs = self.round_trip(handset, clocks, &mut report).await?;
            fetch |= outputs.iter().any(|output| matches!(output, Output::FetchReference(_)));
            if !outputs.contains(&Output::SyncAgain) {
                break;
            }
            resyncs += u32::from(handset.replica().needs_resync() && !handset.replica().is_loading());
            idle = if progress(handset) == before { idle + 1 } else { 0 };
        }
        // Whoever is shut out is answered nothing else.
        if fetch
            && !report.revoked
            && let Err(error) = self.fetch_reference(handset, clocks).await
        {
            report.reference_error = Some(error.to_string());
        }
        if !report.revoked {
            if let Err(error) = self.fetch_checklists(handset, clocks).await {
                report.reference_error = Some(error.to_string());
            }
            self.send_photos(handset, clocks, &mut report).await?;
        }
        handset.compact_if_worth()?;
        report.unsent = handset.replica().unsent();
        report.photos_owed = handset.replica().photos_owed().count();
        Ok(report)
    }

    async fn round_trip<S: Store>(
        &self,
        handset: &mut Handset<S>,
        clocks: &mut impl Clocks,
        report: &mut SyncReport,
    ) -> Result<Vec<Output>, ClientError> {
        let outputs = handset.handle(clocks.now(), clocks.random(), Input::BuildSync)?;
        let request = outputs.into_iter().find_map(|output| match output {
            Output::Request(request) => Some(request),
            _ => None,
        });
        let Some(request) = request else { return Ok(Vec::new()) };
        let (answer, traffic) = match self.sync_in_session(handset, clocks, &request).await {
            Ok(answered) => answered,
            Err(error) => return try_plainly(handset, clocks, (&request, error), report),
        };
        report.add(traffic);
        report.refused.extend(answer.refused.iter().cloned());
        report.decided.extend(answer.decided.iter().cloned());
        report.revoked = answer.revoked;
        let input = Input::Answer { request: request.id, answer: Box::new(answer) };
        Ok(handset.handle(clocks.now(), clocks.random(), input)?)
    }

    async fn sync_in_session<S: Store>(
        &self,
        handset: &mut Handset<S>,
        clocks: &mut impl Clocks,
        request: &SyncRequest,
    ) -> Result<(SyncResponse, Traffic), ClientError> {
        let token = self.access_token(handset, clocks).await?;
        match self.sync(&token, request).await {
            Err(error) if error.wants_token() => {
                let token = self.renew(handset, clocks).await?;
                self.sync(&token, request).await.map_err(needs_login)
            }
            other => other.map_err(needs_login),
        }
    }

    /// Fetches checklists and price list and writes them down.
    pub async fn fetch_reference<S: Store>(
        &self,
        handset: &mut Handset<S>,
        clocks: &mut impl Clocks,
    ) -> Result<(), ClientError> {
        let token = self.access_token(handset, clocks).await?;
        let reference = self.reference(&token).await.map_err(needs_login)?;
        let entries = Entry::of_reference(&reference).map_err(|error| ClientError::Answer(error.to_string()))?;
        handset.handle(clocks.now(), clocks.random(), Input::Remember(entries))?;
        Ok(())
    }

    /// Fetches what jobs in hand began with and the reference data did not bring: an old version, of a job that was opened again. On an
    /// ordinary day there is none.
    async fn fetch_checklists<S: Store>(
        &self,
        handset: &mut Handset<S>,
        clocks: &mut impl Clocks,
    ) -> Result<(), ClientError> {
        for (id, version) in handset.replica().checklists_missing() {
            let token = self.access_token(handset, clocks).await?;
            let template = self.template(&token, &id, version).await.map_err(needs_login)?;
            let json = serde_json::to_string(&template).map_err(|error| ClientError::Answer(error.to_string()))?;
            // It says nothing about how new the rest is.
            let entry = Entry::Reference { kind: ReferenceKind::Template, version: 0, json };
            handset.handle(clocks.now(), clocks.random(), Input::Remember(vec![entry]))?;
        }
        Ok(())
    }

    /// The access token, renewed first where the phone's clock says that it has run out.
    pub(super) async fn access_token<S: Store>(
        &self,
        handset: &mut Handset<S>,
        clocks: &mut impl Clocks,
    ) -> Result<String, ClientError> {
        let session = handset.replica().session().ok_or(ClientError::NeedsLogin)?;
        if clocks.now().at < session.expires_at {
            return Ok(session.access_token.clone());
        }
        self.renew(handset, clocks).await
    }

    pub(super) async fn renew<S: Store>(
        &self,
        handset: &mut Handset<S>,
        clocks: &mut impl Clocks,
    ) -> Result<String, ClientError> {
        let session = handset.replica().session().ok_or(ClientError::NeedsLogin)?;
        let signature = handset.replica().sign_refresh(&session.refresh_token);
        let tokens = self.refresh(&session.refresh_token, signature).await.map_err(needs_login)?;
        let session = session_of(&tokens, clocks);
        let token = session.access_token.clone();
        let mut entries = vec![Entry::Session(Some(session))];
        // The outlet's settings come with each token; they are written down where they are others.
        let setup = tokens.person.outlet.as_ref().map(|outlet| outlet.setup);
        let identity = handset.replica().identity().filter(|identity| setup.is_some() && identity.setup != setup);
        entries.extend(identity.map(|identity| Entry::Identity(Identity { setup, ..identity.clone() })));
        handset.handle(clocks.now(), clocks.random(), Input::Remember(entries))?;
        Ok(token)
    }
}

/// What the server refused whole is said in another form, where there is one; else the error is the caller's.
fn try_plainly<S: Store>(
    handset: &mut Handset<S>,
    clocks: &mut impl Clocks,
    (request, error): (&SyncRequest, ClientError),
    report: &mut SyncReport,
) -> Result<Vec<Output>, ClientError> {
    let ClientError::Problem(body) = &error else { return Err(error) };
    let input = Input::Problem { request: request.id, kind: body.slug };
    let outputs = handset.handle(clocks.now(), clocks.random(), input)?;
    if outputs.is_empty() {
        return Err(error);
    }
    report.round_trips += 1;
    Ok(outputs)
}

pub(super) fn needs_login(error: ClientError) -> ClientError {
    if error.ends_session() { ClientError::NeedsLogin } else { error }
}

/// The tokens as the phone keeps them.
pub(super) fn session_of(tokens: &SessionTokens, clocks: &mut impl Clocks) -> Session {
    Session {
        id: tokens.session,
        access_token: tokens.access_token.clone(),
        expires_at: clocks.now().at.plus(tokens.expires_in_s.saturating_mul(SECOND)),
        refresh_token: tokens.refresh_token.clone(),
    }
}

/// Changes with whatever a round trip can bring forward.
fn progress<S: Store>(handset: &Handset<S>) -> (schema::wire::Cursor, schema::binary::Hash, usize, bool) {
    let replica = handset.replica();
    (replica.cursor(), replica.digest(), replica.unsent(), replica.needs_resync())
}
