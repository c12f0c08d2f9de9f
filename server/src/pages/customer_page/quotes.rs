//! What the repair would cost: each offer with its lines; and where several stand beside each other, all of them line by line.

use super::Page;
use super::parts::quantity;
use maud::{Markup, html};
use schema::id::EntryId;
use schema::link::LinkScope;
use schema::public::PublicQuote;
use schema::record::WarrantyKind;
use schema::sheet::SheetLine;

type Offer<'a> = (&'a EntryId, &'a PublicQuote);

impl Page<'_> {
    pub(super) fn quotes(&self) -> Markup {
        let job = &self.view.job;
        let alternatives: Vec<Offer<'_>> = job.alternatives().collect();
        let is_choice = alternatives.len() > 1;
        let is_single = |(id, _): &Offer<'_>| !is_choice || !alternatives.iter().any(|(one, _)| one == id);
        let single = job.offers().into_iter().filter(is_single);
        html! {
            @for (id, quote) in single { (self.quote((id, quote))) }
            @if is_choice { (self.alternatives(&alternatives)) }
        }
    }

    fn quote(&self, (id, quote): Offer<'_>) -> Markup {
        html! {
            section {
                h2 { (self.t("报价", "Quote")) (self.option(quote)) (self.state((id, quote))) }
                (self.lines(quote))
                @if quote.open && self.allows(LinkScope::Accept) {
                    (self.accepting(id, quote, ""))
                    (self.refusing(id, ""))
                }
            }
        }
    }

    /// One of several is enough; which are shown together goes with what is chosen.
    fn alternatives(&self, offers: &[Offer<'_>]) -> Markup {
        let beside = |own: &EntryId| -> String {
            let others: Vec<String> =
                offers.iter().filter(|(id, _)| *id != own).map(|(id, _)| id.to_string()).collect();
            others.join(",")
        };
        let open: Vec<&Offer<'_>> = offers.iter().filter(|(_, quote)| quote.open).collect();
        let may_choose = !open.is_empty() && self.allows(LinkScope::Accept);
        html! {
            section {
                h2 { (self.t("可选方案", "Your options")) }
                @if may_choose {
                    p { (self.t("以下方案任选其一，以最后认可的为准。", "Choose one of these. The one accepted last holds.")) }
                }
                (self.compared(offers))
                @for (id, quote) in offers {
                    div.offer {
                        h3 { (self.name(offers, id)) (self.state((id, quote))) }
                        (self.lines(quote))
                        @if quote.open && may_choose { (self.accepting(id, quote, &beside(id))) }
                    }
                }
                @if let (Some((first, _)), true) = (open.first(), may_choose && self.view.job.accepted.is_none()) {
                    (self.refusing(first, &beside(first)))
                }
            }
        }
    }

    /// What the offers have in common and in what they differ, one line of a quote in a row.
    fn compared(&self, offers: &[Offer<'_>]) -> Markup {
        let mut rows: Vec<(&str, &str)> = Vec::new();
        for line in offers.iter().flat_map(|(_, quote)| quote.quote.lines.values()) {
            if !rows.contains(&key(line)) {
                rows.push(key(line));
            }
        }
        let amount = |quote: &PublicQuote, row: (&str, &str)| {
            let lines = quote.quote.lines.values().filter(|line| key(line) == row);
            lines.map(|line| line.amount_minor).reduce(i64::saturating_add)
        };
        html! {
            div.compared tabindex="0" role="region" aria-label=(self.t("方案对比", "The options compared")) {
                table {
                    thead { tr {
                        th scope="col" { (self.t("项目", "Item")) }
                        @for (id, _) in offers { th scope="col" { (self.name(offers, id)) } }
                    } }
                    tbody { @for row in rows {
                        tr {
                            th scope="row" { (row.0) }
                            @for (_, quote) in offers {
                                td {
                                    @match amount(quote, row) {
                                        Some(minor) => (self.money(minor)),
                                        None => { span aria-hidden="true" { "—" } span.unseen { (self.t("不含", "not included")) } }
                                    }
                                }
                            }
                        }
                    } }
                    tfoot { tr.total {
                        th scope="row" { (self.t("合计", "Total")) }
                        @for (_, quote) in offers { td { (self.money(quote.quote.total_minor)) } }
                    } }
                }
            }
        }
    }

    /// What an alternative is called: by its option, else by its place.
    fn name(&self, offers: &[Offer<'_>], own: &EntryId) -> String {
        let place = offers.iter().position(|(id, _)| *id == own).unwrap_or_default();
        let option = offers.get(place).and_then(|(_, quote)| quote.quote.option.clone());
        option.unwrap_or_else(|| format!("{}{}", self.t("方案 ", "Option "), place + 1))
    }

    fn option(&self, quote: &PublicQuote) -> Markup {
        html! { @if let Some(option) = &quote.quote.option { (self.t("：", ": ")) (option) } }
    }

    fn state(&self, (id, quote): Offer<'_>) -> Markup {
        let accepted = self.view.job.accepted.as_ref();
        let state = match (accepted == Some(id), quote.open, quote.refused) {
            (true, ..) => self.t("已认可", "accepted"),
            _ if quote.quote.withdrawn.is_some() => self.t("已撤回", "withdrawn"),
            (_, true, _) if accepted.is_some() => self.t("未选用", "not chosen"),
            (_, true, true) => self.t("未认可", "not accepted"),
            (_, true, false) => self.t("待您认可", "waits for you"),
            _ => self.t("已失效", "replaced"),
        };
        html! { span.tag { (state) } }
    }

    fn lines(&self, quote: &PublicQuote) -> Markup {
        html! {
            table {
                @for line in quote.quote.lines.values() {
                    tr {
                        td {
                            (line.name)
                            br; small { (self.money(line.unit_minor)) " × " (quantity(line.quantity_milli)) " " (line.unit) }
                            @if let Some(setup) = &line.setup { br; small { (schema::setup::said(setup, self.language)) } }
                            @if line.risk.is_some() {
                                br; small { (self.t("此项操作可能造成数据丢失，动手前请先签署确认", "this work can destroy data; you sign before it begins")) }
                            }
                        }
                        td { (self.money(line.amount_minor)) }
                    }
                }
                tr.total { td { (self.t("合计", "Total")) } td { (self.money(quote.quote.total_minor)) } }
            }
            @if let Some(text) = self.warranty(quote.quote.warranty) { p.soft { (text) } }
        }
    }

    fn warranty(&self, kind: WarrantyKind) -> Option<&'static str> {
        match kind {
            WarrantyKind::None => None,
            WarrantyKind::Product => Some(self.t("产品保修期内", "Under the product's warranty")),
            WarrantyKind::Repair => Some(self.t("维修保修期内", "Under the warranty on our repair")),
            WarrantyKind::Rework => Some(self.t("返修，不收费", "Rework, free of charge")),
        }
    }
}

/// What makes two lines the same item.
fn key(line: &SheetLine) -> (&str, &str) {
    (&line.name, &line.unit)
}
