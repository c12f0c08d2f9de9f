//! When reference data is fetched.

use super::*;
use schema::reference::{Reference, SHIPPED};
use schema::template::{find_shipped, shipped_digest};

/// The product's home repair as a release of before shipped it, under the same version.
fn earlier() -> Template {
    let mut template = find_shipped("home_repair", 1).unwrap().clone();
    template.warranty_months = 7;
    template
}

fn told(template: Template, shipped: Option<i64>) -> Reference {
    let versions = [("template".to_owned(), 1)].into_iter().chain(shipped.map(|digest| (SHIPPED.to_owned(), digest)));
    Reference { versions: versions.collect(), templates: vec![template], price_list: None }
}

impl Phone {
    fn take(&mut self, reference: &Reference) {
        self.handle(Input::Remember(Entry::of_reference(reference).unwrap())).unwrap();
    }

    fn fetches(&mut self, office: &mut Office) -> bool {
        let request = self.request();
        self.send(office, &request).contains(&Output::FetchReference(ReferenceKind::Template))
    }

    fn months(&self) -> u32 {
        let replica = self.replica();
        replica.template_of(&replica.record(job(1)).unwrap()).unwrap().warranty_months
    }
}

#[test]
fn a_checklist_of_the_product_that_changed_under_its_version_is_fetched_anew_and_once() {
    let (mut office, mut phone) = office_and_phone(1);
    phone.take(&told(earlier(), None));
    office.reference = told(earlier(), None).versions;
    assert!(!phone.fetches(&mut office), "a server of before names versions only");
    let now = told(find_shipped("home_repair", 1).unwrap().clone(), Some(shipped_digest()));
    office.reference = now.versions.clone();
    assert!(phone.fetches(&mut office) && phone.months() == 7);
    phone.take(&now);
    assert!(!phone.fetches(&mut office) && phone.months() != 7);
    phone.handset.compact().unwrap();
    phone.reopen();
    assert!(!phone.fetches(&mut office), "it is known after a restart, too");
    // The release before is put back.
    office.reference.insert(SHIPPED.to_owned(), 5);
    assert!(phone.fetches(&mut office));
}
