//! Where the customer's technician is: the window, the way, the door.

use super::Page;
use chrono::Datelike as _;
use maud::{Markup, html};
use schema::link::LinkScope;
use schema::people::Language;
use schema::public::Stand;
use schema::time::Timestamp;

impl Page<'_> {
    pub(super) fn stand(&self) -> Markup {
        let job = &self.view.job;
        html! {
            section.stand data-follow[self.is_under_way()] {
                div.number { (job.number) }
                h1 { (self.said(&job.stand_text)) }
                @if let Some(window) = job.window {
                    @match job.delay {
                        // What was agreed first is no promise any more; the new time stands above.
                        Some(_) => p { (self.t("原定上门时间：", "Visit as first agreed: ")) del.whole { (self.span(window.from, window.to)) } },
                        None => p { (self.visit_label()) span.whole { (self.span(window.from, window.to)) } },
                    }
                }
                @if let Some(technician) = &job.technician {
                    p { (self.t("服务工程师：", "")) (self.said(technician)) }
                }
                @if !job.company_phone.is_empty() {
                    p { (self.t("客服电话：", "Call us: ")) a href=(format!("tel:{}", job.company_phone)) { (job.company_phone) } }
                }
                @for (place, text) in self.wanted() { p { a href=(place) { (text) } } }
                (self.way())
            }
        }
    }

    /// What waits for this customer further down, and where: on a phone it is out of sight.
    fn wanted(&self) -> Vec<(&'static str, &'static str)> {
        let job = &self.view.job;
        let is_offered = job.accepted.is_none() && job.offers().iter().any(|(_, quote)| quote.open);
        let wanted = [
            (
                is_offered,
                LinkScope::Accept,
                "#quotes",
                self.t("请查看报价并答复", "Please look at the quote and answer"),
            ),
            (
                job.backup.is_some(),
                LinkScope::Accept,
                "#backup",
                self.t("请签署数据备份确认", "Please sign the backup consent"),
            ),
            (job.can_sign, LinkScope::Sign, "#sign", self.t("去验收签字", "Go and sign")),
        ];
        let allowed = wanted.into_iter().filter(|(is_wanted, scope, ..)| *is_wanted && self.allows(*scope));
        allowed.map(|(_, _, place, text)| (place, text)).collect()
    }

    /// Something may still happen that whoever has the page open would want to see.
    fn is_under_way(&self) -> bool {
        let is_over = matches!(self.view.job.stand, Stand::Closed | Stand::Cancelled | Stand::SolvedRemotely);
        // A page that answers a form is at the form's address, which can't be asked for.
        !is_over && self.problem.is_none()
    }

    /// What the script says of the network; empty without it.
    pub(super) fn network(&self) -> Markup {
        html! {
            section.offline hidden role="status"
                data-offline=(self.t(
                    "现在没有网络。已打开的内容可以继续查看；此时签字会保存在本机，恢复网络后自动提交。",
                    "You are offline. What is open can be read; a signature given now is kept on this device and sent once the network is back.",
                ))
                data-kept=(self.t(
                    "没有网络，您的签字尚未提交。签字已保存在本机，恢复网络后自动提交，请勿清除浏览器数据。",
                    "You are offline, and your signature has not been sent yet. It is kept on this device and will be sent once the network is back.",
                ))
                data-unkept=(self.t(
                    "没有网络，签字未能提交，也无法保存在本机。请恢复网络后再试。",
                    "You are offline: your signature was not sent, and this browser does not let us keep it. Please try again once the network is back.",
                ))
                data-sending=(self.t("网络已恢复，正在提交您的签字…", "The network is back: sending your signature…"))
                data-changed=(self.t(
                    "您签字之后服务单有变更，签字未提交。请刷新页面，查看最新内容后重新签字。",
                    "The sheet was changed after you signed, so your signature was not sent. Please reload the page, look at it and sign anew.",
                ))
                data-refused=(self.t("您的签字未被接受：", "Your signature was not taken: "))
                data-over=(self.t(
                    "此服务单已不需要签字，保存的签字未提交。请刷新页面查看。",
                    "There is nothing to sign any more, so the signature kept here was not sent. Please reload the page.",
                )) {}
        }
    }

    /// While something is waited for, the window is that of the visit before.
    fn visit_label(&self) -> &'static str {
        let job = &self.view.job;
        let waits =
            matches!(job.stand, Stand::WaitingForUs | Stand::WaitingForYou | Stand::InWorkshop | Stand::AwaitingProof);
        match waits && job.arrived_at.is_some() {
            true => self.t("上次上门：", "Last visit: "),
            false => self.t("上门时间：", "Visit: "),
        }
    }

    /// Two times, the second without its day where that is the same.
    fn span(&self, from: Timestamp, to: Timestamp) -> String {
        let end = match self.day(from) == self.day(to) {
            true => self.clock(to),
            false => format!("{}{}", self.day(to), self.clock(to)),
        };
        format!("{}{}–{end}", self.day(from), self.clock(from))
    }

    /// As in 12月1日（周二）. Whose visit it is knows the year.
    pub(super) fn day(&self, at: Timestamp) -> String {
        const DAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
        let local = at.to_utc().with_timezone(&self.zone);
        let place = usize::try_from(local.weekday().num_days_from_monday()).unwrap_or(0);
        match self.language {
            Language::Chinese => format!("{}（{}）", local.format("%-m月%-d日"), DAYS.get(place).unwrap_or(&"")),
            Language::English => local.format("%a, %-d %b, ").to_string(),
        }
    }

    pub(super) fn clock(&self, at: Timestamp) -> String {
        at.to_utc().with_timezone(&self.zone).format("%H:%M").to_string()
    }

    /// The way to the door, while somebody is to come.
    fn way(&self) -> Markup {
        let job = &self.view.job;
        let awaited = matches!(
            job.stand,
            Stand::Received | Stand::Assigned | Stand::Appointed | Stand::OnTheWay | Stand::Working
        );
        let is_there = job.arrived_at.is_some() || job.stand == Stand::Working;
        let is_on_the_way = is_there || job.departed_at.is_some() || job.stand == Stand::OnTheWay;
        let is_agreed = is_on_the_way || job.stand == Stand::Appointed;
        let points = [
            (self.t("已受理", "Reported"), true, None),
            (self.t("已预约", "Agreed"), is_agreed, None),
            (self.t("在路上", "On the way"), is_on_the_way, job.departed_at),
            (self.t("已到达", "Arrived"), is_there, job.arrived_at),
        ];
        let last = points.iter().rposition(|(_, reached, _)| *reached);
        html! {
            @if awaited {
                ol.way {
                    @for (number, (name, reached, at)) in points.into_iter().enumerate() {
                        li.ahead[!reached] aria-current=[(Some(number) == last).then_some("step")] {
                            (name)
                            @if let Some(at) = at.filter(|_| reached) { small { (self.clock(at)) } }
                        }
                    }
                }
            }
        }
    }
}
